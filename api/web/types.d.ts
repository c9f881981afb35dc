/** Shapes that the modules of the map page hand to each other. */

export type Language = 'nl' | 'en';

/** A text in both languages. */
export type Label = { readonly nl: string; readonly en: string };

export type Camera = { readonly lon_deg: number; readonly lat_deg: number; readonly zoom: number };

/** All of the page's state; the address after the # holds the same. */
export type View = {
    readonly week: string | null;
    readonly theme: string | null;
    /** Codes of neighbourhoods or districts, with commas between. */
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
    /** Code of the district of a neighbourhood. */
    readonly parent_code: string | null;
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

/** What a hotspot has been doing for a year. */
export type Lifecycle =
    | 'new'
    | 'consecutive'
    | 'intensifying'
    | 'persistent'
    | 'diminishing'
    | 'sporadic'
    | 'oscillating'
    | 'historical'
    | 'none';

/** When most of it happens: the first local hour, the number of hours, the weekdays (1: Monday) if days show a pattern. */
export type Peak = readonly [startHour: number, hours: number, weekdays: readonly number[] | null];

export type AreaName = { readonly code: string; readonly name: string };

/**
 * A hotspot as the overview of a week tells it. What the reader's level is not told, or what an early edition does not
 * tell, is null; the evidence is at the address of the hotspot.
 */
export type Hotspot = {
    readonly id: string;
    readonly theme: string;
    readonly kind: Kind;
    readonly grade: Grade;
    readonly rank: number;
    readonly previous_rank: number | null;
    readonly rank_lower: number | null;
    readonly rank_upper: number | null;
    /** First rank of those that cannot be told apart from it. */
    readonly tie: number | null;
    readonly observed: number | null;
    readonly previous_observed: number | null;
    readonly expected: number | null;
    readonly relative_risk: number | null;
    readonly relative_risk_lower: number | null;
    readonly relative_risk_upper: number | null;
    readonly form: Form | null;
    readonly event: Event | null;
    readonly lifecycle: Lifecycle | null;
    readonly weeks_listed: number | null;
    readonly too_little_data: boolean;
    readonly pile_up: boolean;
    readonly caveats: readonly Caveat[];
    readonly window_start: string;
    readonly window_end: string;
    readonly neighbourhood: string | null;
    readonly neighbourhood_name: string | null;
    /** All neighbourhoods that hold any of it, the largest share first. */
    readonly neighbourhoods: readonly AreaName[];
    /** Codes of all neighbourhoods and districts by which it is found. */
    readonly touches: readonly string[];
    readonly peak: Peak | null;
    /** Whether anything is different from last week's list that a reader would act on: the service's own rule. */
    readonly changed: boolean;
    readonly centroid: Position;
    readonly geometry: Geometry;
};

/** Listed last week, and no longer. */
export type Gone = {
    readonly id: string;
    readonly theme: string;
    readonly kind: Kind;
    readonly rank: number;
    readonly neighbourhood_name: string | null;
    readonly event: string;
    readonly into: string | null;
};

export type ThemeState = 'hotspots' | 'no_hotspots' | 'not_enough_data';

export type ThemeOutcome = {
    readonly theme: string;
    readonly state: ThemeState;
    readonly reason: Label | null;
    readonly window_incidents: number;
    readonly baseline_incidents: number;
    readonly window_weeks: number;
};

/** A published week with the edition that holds, and how many hotspots it lists if that is told. */
export type Edition = { readonly week: string; readonly edition: number; readonly hotspots: number | null };

export type PublishedWeek = {
    readonly week: string;
    readonly editions: readonly { readonly edition: number; readonly hotspots?: number }[];
};

export type Ranking = {
    readonly week: string;
    readonly window_start: string;
    readonly window_end: string;
    readonly edition: number;
    readonly published_at: string;
    readonly as_of?: string | null;
    readonly municipality: { readonly code: string; readonly name: string };
    readonly boundaries: { readonly vintage: number; readonly source: string; readonly schematic: boolean };
    readonly parameters: Readonly<Record<string, number>>;
    readonly themes: readonly ThemeOutcome[];
    readonly labels: Readonly<Record<string, Label>>;
    /** What is asked of each kind, and how often each grade errs; early editions do not tell. */
    readonly kinds?: Readonly<Record<Kind, Label>>;
    readonly grades?: Readonly<Record<Grade, Label>>;
    /** How many of the incidents of the week have been reported, by theme. */
    readonly completeness?: Readonly<Record<string, { readonly share: number | null; readonly said: Label }>>;
    /** Listed last week, and no longer. */
    readonly gone?: readonly Gone[];
    readonly level?: DisclosureLevel;
    /** By which rules less is told than there is. */
    readonly disclosure?: { readonly said?: Label };
};

/** One published week as the page keeps it. */
export type Week = { readonly ranking: Ranking; readonly hotspots: readonly Hotspot[] };

/** A list as the service sends it: its head, and its hotspots in columns. */
export type Overview = Ranking & {
    readonly step_deg: number;
    readonly origin_deg: Position;
    readonly words: Readonly<Record<string, readonly string[]>>;
    readonly areas: readonly (readonly [code: string, name: string | null])[];
    readonly hotspots: Readonly<Record<string, readonly unknown[]>>;
};

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

/** A hotspot of the week and the theme that it is listed under. */
export type Entry = { readonly row: Row; readonly group: ThemeGroup };

/** What of a week passes the filters. */
export type Selection = {
    /** As the list shows it: every theme that is asked for, with the rows that pass. */
    readonly groups: readonly ThemeGroup[];
    /** All themes, with the rows that pass all filters but the theme. */
    readonly themes: readonly ThemeGroup[];
    /** What passes: the map draws these. */
    readonly rows: readonly Row[];
    /** All hotspots of the week by id, whatever the filters say. */
    readonly all: ReadonlyMap<string, Entry>;
    /** Listed last week and no longer, as far as that passes; only told where `changed` is asked for. */
    readonly gone: readonly Gone[];
    /** How many hotspots the week has. */
    readonly total: number;
    /** Filters that are on. */
    readonly on: readonly FilterName[];
};

export type FilterName = 'theme' | 'area' | 'lifecycle' | 'changed';

/** All that is shown now: each part of the page is told it whenever any of it changes. */
export type Shown = {
    readonly view: View;
    readonly language: Language;
    readonly week: Week;
    /** Latest first. */
    readonly weeks: readonly Edition[];
    readonly selection: Selection;
    /** The hotspot whose panel is open. */
    readonly chosen: Entry | null;
    /** Whether the week before is published as well, so that `new` means something. */
    readonly compared: boolean;
    readonly areas: readonly Feature<Area>[];
    readonly districts: readonly AreaName[];
    readonly me: Me | null;
};

/** A thing on the page that is told what to show. */
export type Part = { show(shown: Shown): void };

/** What a part may ask of the page; `main.js` makes it. */
export type App = {
    readonly api: import('./api.js').Api;
    readonly page: import('./page.js').Page;
    readonly map: import('./map/map.js').HotspotMap;
    readonly weeks: import('./loading.js').Weeks;
    view(): View;
    language(): Language;
    /** Nothing until the first week is there. */
    shown(): Shown | null;
    /** Change the view; `replace`: without a step back in the history. */
    change(changes: Partial<View>, how?: { readonly replace?: boolean }): void;
    open(id: string): void;
    close(): void;
    point(id: string | null): void;
    /** Say what went wrong, and offer to try again. */
    fail(error: unknown, again: () => void): void;
    /** Tell those who do not see the page what changed on it. */
    announce(text: string): void;
    /** Open the help at a term, such as `rank_interval`. */
    explain(term: string): void;
    /** Fetch the shown week again, as whoever signed in or out. */
    reload(): void;
    /** Begin anew with the same address: nothing that was told stays in memory. */
    restart(): void;
    /** Told wherever the map looks on its way. */
    moved(camera: Camera): void;
    /** Address of what is shown; `embed`: for within another page. */
    link(how: { readonly language: Language; readonly embed?: boolean }): string;
};

export type Colour = readonly [red: number, green: number, blue: number];

/** The part of deck.gl that the page uses. */
export type DeckLibrary = {
    readonly Deck: new (props: object) => DeckInstance;
    readonly MapView: new (props: object) => object;
    readonly FlyToInterpolator: new (props: object) => object;
    readonly BitmapLayer: new (props: object) => object;
    readonly GeoJsonLayer: new (props: object) => object;
    readonly LineLayer: new (props: object) => object;
    readonly ScatterplotLayer: new (props: object) => object;
    readonly SolidPolygonLayer: new (props: object) => object;
    readonly TextLayer: new (props: object) => object;
    readonly TileLayer: new (props: object) => object;
    readonly WebMercatorViewport: new (props: object) => {
        fitBounds(bounds: readonly [Position, Position]): { longitude: number; latitude: number; zoom: number };
    };
};

export type DeckInstance = {
    setProps(props: object): void;
    finalize(): void;
    redraw(reason: string): void;
    pickMultipleObjects(where: { x: number; y: number; depth: number }): {
        readonly layer: { readonly id: string } | null;
        readonly object?: unknown;
    }[];
};

/** What deck.gl tells about the thing under the pointer. */
export type Picked = { readonly x: number; readonly y: number };

/** How somebody signed in: a key or a token, and the code of what for. */
export type Credentials = { readonly secret: string; readonly purpose: string };

export type DisclosureLevel = 'open' | 'partner' | 'internal';

/** What the service takes the reader for. */
export type Me = {
    readonly access: 'local' | 'controlled';
    readonly name: string | null;
    readonly role: string;
    readonly level: DisclosureLevel;
    /** Only these; everywhere if absent. */
    readonly areas: readonly { readonly code: string; readonly name: string | null }[] | null;
    readonly scopes: readonly string[];
    readonly purpose: string | null;
    readonly expires_at: string | null;
    readonly purposes: readonly { readonly code: string; readonly label: Label }[];
};

/** A piece of street, by its importance: 1 for main roads to 3. */
export type LineFeature = {
    readonly geometry: { readonly coordinates: readonly (readonly Position[])[] };
    readonly properties: { readonly importance: number };
};

/** How a municipality has the page. */
export type Settings = {
    readonly title: string;
    readonly basemap: { readonly url: string; readonly attribution: string; readonly max_zoom: number } | null;
    readonly streets: { readonly items: string; readonly attribution: string | null } | null;
    /** Whether any other page may show the map. */
    readonly embeddable: boolean;
};
