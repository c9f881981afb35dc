/** What the map is told beside the hotspots, and what it keeps ready for drawing. */

import type { AreaFigure, Colour, Hotspot, Position, Row } from '../types.d.ts';

/** Where the classes of a figure begin, and their colours: one more than there are breaks. */
export type Scale = { readonly breaks: readonly number[]; readonly colours: readonly Colour[] };

/** What a layer shows and in what unit, as people read it. */
export type Heading = { readonly title: string; readonly unit: string };

/** A row of the table that tells the same as the colours. */
export type FigureRow = {
    readonly code: string;
    readonly name: string;
    readonly observed: string;
    readonly rate: string;
    readonly change: string;
};

/** Neighbourhoods by one figure. */
export type Figures = {
    readonly kind: AreaFigure;
    readonly heading: Heading;
    readonly rows: readonly FigureRow[];
    readonly scale: Scale;
    /** By code of the neighbourhood; null or absent where there is no figure. */
    readonly values: ReadonlyMap<string, number | null>;
    /** The same as people read them, for those that have one. */
    readonly written: ReadonlyMap<string, string>;
    /** Further lines for who points at the neighbourhood. */
    readonly told: ReadonlyMap<string, readonly string[]>;
};

/** The density of a week as one picture on a grid. */
export type Surface = {
    readonly heading: Heading;
    readonly scale: Scale;
    /** Pixels row by row, the northern row first; red, green, blue and opacity. */
    readonly picture: { readonly data: Uint8ClampedArray<ArrayBuffer>; readonly width: number; readonly height: number };
    /** South-west, south-east, north-east, north-west. */
    readonly corners_deg: readonly Position[];
    /** Place of each pixel's square in the columns; -1 where there is none. */
    readonly places: Int32Array;
    readonly squares: number;
    /** What is said of a square. */
    readonly told: (place: number) => readonly string[];
};

/** The hotspots of the week before. */
export type Before = {
    readonly week: string;
    readonly hotspots: readonly Hotspot[];
    /** Ids of those that are listed no longer. */
    readonly gone: ReadonlySet<string>;
    /** What is said of one. */
    readonly told: (hotspot: Hotspot) => readonly string[];
};

/** Incidents that lie at one place. */
export type Pile = { readonly position: Position; readonly count: number };

export type Incidents = {
    readonly piles: readonly Pile[];
    /** How many there are in all, of which the newest are drawn. */
    readonly all: number;
    readonly told: (pile: Pile) => readonly string[];
};

/** Streets of one class as straight pieces. */
export type Streets = readonly { readonly rank: number; readonly from: Float64Array; readonly to: Float64Array }[];

/** All that is drawn beside the hotspots; what is null is not drawn. */
export type Overlay = {
    readonly figures: Figures | null;
    readonly surface: Surface | null;
    readonly before: Before | null;
    readonly incidents: Incidents | null;
};

/** A map of somebody else below ours, in squares that are fetched as they are seen. */
export type Tiles = { readonly url: string; readonly attribution: string; readonly max_zoom: number };

export type Badges = { readonly badges: readonly Row[]; readonly dots: readonly Row[] };

/** Per neighbourhood, in columns, as the service tells a week's figures; a column that the level is not told is absent. */
export type AreaColumns = {
    readonly week: string;
    readonly theme: string;
    readonly before: { readonly week_1: string | null; readonly week_4: string | null };
    readonly areas: {
        readonly code: readonly string[];
        readonly name: readonly string[];
        readonly observed?: readonly (number | null)[];
        readonly expected?: readonly (number | null)[];
        readonly rate?: readonly (number | null)[];
        readonly change_1?: readonly (number | null)[];
    };
};

/** The density of a week, in columns, as the service tells it. */
export type SurfaceColumns = {
    readonly week: string;
    readonly theme: string;
    readonly window_start: string | null;
    readonly window_end: string | null;
    readonly grid: null | {
        readonly columns: number;
        readonly rows: number;
        readonly size_m: number;
        readonly corners_deg: readonly Position[];
    };
    readonly squares: {
        readonly column: readonly number[];
        /** From 0 in the south. */
        readonly row: readonly number[];
        readonly density_per_km2: readonly number[];
        readonly ratio: readonly (number | null)[];
        /** Squares of the grid along a side; one where absent. */
        readonly cells?: readonly number[];
    };
};

/** Where incidents lie, the newest first, and how many there are in all. */
export type IncidentPoints = { readonly positions: readonly Position[]; readonly all: number };
