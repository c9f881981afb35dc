/** Shapes that the modules of the map page hand to each other. */

export type Language = 'nl' | 'en';

/** A text in both languages. */
export type Label = { readonly nl: string; readonly en: string };

export type Camera = { readonly lon_deg: number; readonly lat_deg: number; readonly zoom: number };

/** All of the page's state; the address after the # holds the same. */
export type View = {
    readonly week: string | null;
    readonly theme: string | null;
    /** Code of a neighbourhood or a district. */
    readonly area: string | null;
    /** Only hotspots of this lifecycle. */
    readonly lifecycle: string | null;
    /** Only what changed since the week before. */
    readonly changed: boolean;
    readonly hotspot: string | null;
    /** The week beside the chosen one. */
    readonly compare: string | null;
    readonly how: CompareHow;
    readonly layers: LayerChoice;
    readonly language: Language | null;
    readonly camera: Camera | null;
};

/** How two weeks are compared: on two maps, or on one with a border that is moved. */
export type CompareHow = 'side' | 'swipe';

/** By what the neighbourhoods are coloured. */
export type AreaFigure = 'rate' | 'change';

/** What is drawn beside the hotspots. */
export type LayerChoice = {
    readonly areas: AreaFigure | null;
    /** The density of the week. */
    readonly cells: boolean;
    /** Last week's hotspots, as outlines. */
    readonly before: boolean;
    readonly incidents: boolean;
};

export type Position = readonly number[];
export type Ring = readonly Position[];
export type PolygonGeometry = { readonly type: 'Polygon'; readonly coordinates: readonly Ring[] };
export type MultiPolygonGeometry = {
    readonly type: 'MultiPolygon';
    readonly coordinates: readonly (readonly Ring[])[];
};
export type Geometry = PolygonGeometry | MultiPolygonGeometry;

export type Feature<Properties> = {
    readonly type: 'Feature';
    readonly id: string;
    readonly geometry: Geometry;
    readonly properties: Properties;
};

export type Area = {
    readonly code: string;
    readonly name: string;
    readonly vintage: number;
    readonly schematic: boolean;
};

export type AreaShare = { readonly code: string; readonly name: string; readonly share: number };

/** What is asked of a hotspot, how sure it is, and what shape it has. */
export type Kind = 'acute' | 'chronic';
export type Grade = 'confirmed' | 'likely';
export type Form = 'dot' | 'line' | 'area';

/** What the service says about a hotspot. */
export type HotspotProperties = {
    readonly id: string;
    readonly theme: string;
    readonly kind: Kind;
    readonly grade: Grade;
    readonly rank: number;
    readonly previous_rank: number | null;
    readonly window_start: string;
    readonly window_end: string;
    readonly observed: number;
    readonly expected: number | null;
    readonly baseline: number;
    readonly relative_risk: number | null;
    readonly p_value: number | null;
    readonly recurrence_weeks: number | null;
    readonly places: number;
    readonly largest_pile_up: number;
    readonly pile_up: boolean;
    readonly form: Form;
    readonly neighbourhood: string | null;
    readonly neighbourhood_name: string | null;
    readonly neighbourhoods: readonly AreaShare[];
    readonly subthemes: Readonly<Record<string, number>>;
    readonly centroid: Position;
} & Partial<Telling>;

/** What happened to a hotspot since the week before. */
export type Event = 'new' | 'continued' | 'returned' | 'split' | 'merged';

export type Caveat = 'campaign' | 'event' | 'pile_up' | 'small_numbers' | 'police_found' | 'late_reports';

/** What a list says of a hotspot beside its evidence; early editions do not. */
export type Telling = {
    readonly event: Event;
    readonly rank_lower: number | null;
    readonly rank_upper: number | null;
    readonly too_little_data: boolean;
    readonly caveats: readonly Caveat[];
    readonly why: { readonly nl: readonly string[]; readonly en: readonly string[] };
    readonly what_changed: Label;
    readonly hot_times: { readonly said: Label };
};

export type Link = { readonly rel: string; readonly href: string };

/** A hotspot with its footprint. */
export type Hotspot = HotspotProperties & { readonly geometry: Geometry };

export type ThemeState = 'hotspots' | 'no_hotspots' | 'not_enough_data';

export type ThemeOutcome = {
    readonly theme: string;
    readonly state: ThemeState;
    readonly reason: Label | null;
    readonly window_incidents: number;
    readonly baseline_incidents: number;
    readonly window_weeks: number;
};

/** A published week with the edition that holds. */
export type Edition = { readonly week: string; readonly edition: number };

export type PublishedWeek = { readonly week: string; readonly editions: readonly { readonly edition: number }[] };

export type Ranking = {
    readonly week: string;
    readonly window_start: string;
    readonly window_end: string;
    readonly edition: number;
    readonly published_at: string;
    readonly municipality: { readonly code: string; readonly name: string };
    readonly boundaries: { readonly vintage: number; readonly source: string; readonly schematic: boolean };
    readonly parameters: Readonly<Record<string, number>>;
    readonly themes: readonly ThemeOutcome[];
    readonly labels: Readonly<Record<string, Label>>;
    /** What is asked of each kind, and how often each grade errs; early editions do not tell. */
    readonly kinds?: Readonly<Record<Kind, Label>>;
    readonly grades?: Readonly<Record<Grade, Label>>;
};

/** One published week as the page keeps it. */
export type Week = { readonly ranking: Ranking; readonly hotspots: readonly Hotspot[] };

/** A theme as the list, the map and the legend draw it. */
export type ThemeGroup = {
    readonly theme: string;
    readonly label: string;
    readonly letter: string;
    readonly colour: Colour;
    readonly outcome: ThemeOutcome;
    /** By rank: acute before chronic, confirmed before likely. */
    readonly rows: readonly Row[];
};

/** A hotspot with the sign by which the list and the map name it. */
export type Row = { readonly hotspot: Hotspot; readonly sign: string; readonly colour: Colour };

export type Colour = readonly [red: number, green: number, blue: number];

/** The part of deck.gl that the page uses. */
export type DeckLibrary = {
    readonly Deck: new (props: object) => DeckInstance;
    readonly MapView: new (props: object) => object;
    readonly FlyToInterpolator: new (props: object) => object;
    readonly GeoJsonLayer: new (props: object) => object;
    readonly LineLayer: new (props: object) => object;
    readonly ScatterplotLayer: new (props: object) => object;
    readonly TextLayer: new (props: object) => object;
    readonly WebMercatorViewport: new (props: object) => {
        fitBounds(bounds: readonly [Position, Position]): { longitude: number; latitude: number; zoom: number };
    };
};

export type DeckInstance = { setProps(props: object): void; finalize(): void };

/** What deck.gl tells about the thing under the pointer. */
export type Picked = { readonly object?: unknown; readonly coordinate?: Position; readonly x: number; readonly y: number };
