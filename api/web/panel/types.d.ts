/** Shapes that the panel is told. */

import type { Caveat, Grade, Kind, Label, Language, Me, Ranking } from '../types.js';

export type Change = {
    readonly weeks_ago: number;
    readonly rank: number;
    readonly observed: number;
    readonly expected: number | null;
    readonly area_m2: number;
    readonly shift_m: number;
    readonly shift_bearing_deg: number | null;
    readonly peak_start_hour: number | null;
    readonly peak_hours: number | null;
};

export type LifecycleSteps = {
    readonly weeks: number;
    readonly counts: readonly number[];
    readonly expected: readonly number[];
    readonly hot: readonly number[];
    readonly trend: 'up' | 'down' | 'none';
};

/** What a week says of a hotspot; what the level or an early edition is not told is absent. */
export type Evidence = {
    readonly id: string;
    readonly theme: string;
    readonly week: string;
    readonly kind: Kind;
    readonly grade: Grade;
    readonly rank: number;
    readonly previous_rank?: number | null;
    readonly observed?: number;
    readonly expected?: number | null;
    readonly baseline?: number;
    readonly relative_risk?: number | null;
    readonly relative_risk_lower?: number | null;
    readonly relative_risk_upper?: number | null;
    readonly p_value?: number | null;
    readonly q_value?: number | null;
    readonly recurrence_weeks?: number | null;
    readonly recurrence_years?: number | null;
    readonly places?: number;
    readonly largest_pile_up?: number;
    readonly pile_up?: boolean;
    readonly form?: 'dot' | 'line' | 'area' | null;
    readonly neighbourhood?: string | null;
    readonly neighbourhood_name?: string | null;
    readonly neighbourhoods?: readonly { readonly code: string; readonly name: string; readonly share?: number }[];
    readonly subthemes?: Readonly<Record<string, number>>;
    readonly window_weeks?: number;
    readonly window_start: string;
    readonly window_end: string;
    readonly area_m2?: number;
    readonly first_week?: string | null;
    readonly weeks_listed?: number | null;
    readonly event?: string | null;
    readonly lifecycle?: string | null;
    readonly lifecycle_steps?: Partial<LifecycleSteps> | null;
    readonly changes?: readonly (Change | null)[] | null;
    readonly rank_lower?: number | null;
    readonly rank_upper?: number | null;
    readonly too_little_data?: boolean | null;
    readonly repeat_share?: number | null;
    readonly sources?: { readonly citizen: number; readonly police: number; readonly unknown: number } | null;
    readonly geocoding?: {
        readonly precise: number;
        readonly stated_area_agrees: number;
        readonly stated_area_known: number;
        readonly dated_to_minute: number;
    } | null;
    readonly near_repeats?: { readonly pairs: number; readonly expected: number | null } | null;
    readonly nearby?: readonly { readonly id: string; readonly distance_m: number; readonly theme: string }[] | null;
    readonly caveats?: readonly Caveat[] | null;
    readonly why?: { readonly nl: readonly string[]; readonly en: readonly string[] } | null;
    readonly what_changed?: Label | null;
    readonly weekly_counts?: readonly number[] | null;
    readonly hot_times?: import('../hours/hours.js').HotTimes | null;
};

export type WeekListed = {
    readonly week: string;
    readonly edition: number;
    readonly rank: number;
    readonly observed?: number;
};

/** A hotspot through its weeks, with the evidence of one of them. */
export type Detail = {
    readonly id: string;
    readonly first_week: string;
    readonly latest_week: string;
    readonly weeks_listed: number;
    readonly is_listed_now: boolean;
    readonly evidence: Evidence;
    /** The latest first. */
    readonly history: readonly WeekListed[];
};

export type Filled =
    | { readonly state: 'loading' }
    | { readonly state: 'failed'; readonly message: string }
    | { readonly state: 'told'; readonly detail: Detail };

/** What surrounds a hotspot. */
export type Context = {
    readonly language: Language;
    readonly ranking: Ranking;
    /** Name of its theme. */
    readonly theme: string;
    readonly compared: boolean;
    readonly me: Me | null;
    /** Addresses of the views of other weeks. */
    weekHref(week: string): string;
    /** How the list names another hotspot, where it does. */
    nameOf(id: string): string | null;
    readonly files: readonly File[];
};

/** What may be kept of a hotspot as a file. */
export type File = { readonly what: 'geojson' | 'geojsonAll' | 'history' | 'briefing'; readonly path: string; readonly href: string; readonly name: string };

export type Verdict = 'confirmed' | 'rejected' | 'remark';
export type Status = 'signalled' | 'interpreted' | 'agreed' | 'under_way' | 'evaluated' | 'closed';
export type Action = { readonly what: string; readonly who: string; readonly due: string | null; readonly status: Status };
export type NewNote = { readonly verdict: Verdict | null; readonly text: string; readonly action: Action | null };
export type Note = NewNote & { readonly author: string; readonly written_at: string };

/** All that was written about a hotspot, and how it stands. */
export type Dossier = {
    readonly hotspot_id: string;
    readonly verdict: Verdict | null;
    readonly action: Action | null;
    /** The oldest first. */
    readonly notes: readonly Note[];
};

export type NotesFilled =
    | { readonly state: 'none' }
    | { readonly state: 'loading' }
    | { readonly state: 'failed'; readonly message: string }
    | { readonly state: 'told'; readonly dossier: Dossier };

/** What is typed and not sent. */
export type Draft = {
    readonly verdict: Verdict;
    readonly text: string;
    readonly acts: boolean;
    readonly what: string;
    readonly who: string;
    readonly due: string;
    readonly status: Status;
};

export type Field = 'text' | 'what' | 'who' | 'due' | 'status' | 'whole';
export type Mistake = { readonly field: Field; readonly why: 'empty' | 'long' | 'control' | 'date' | 'back' | 'large' };
