/** Layers that one may choose beside the hotspots: density, last week's outlines, incidents. Pure but for deck.gl. */

/** @import {DeckLibrary, Hotspot} from '../types.d.ts' */
/** @import {Before, Incidents, Pile, Surface} from './drawing.d.ts' */
/** @import {Mesh} from './ribbons.js' */
/** @import {LayerStock} from './stock.js' */
import { BASE, BEFORE, INCIDENTS } from '../style.js';
import { shapeOf } from './flat.js';
import { ringsOf } from './inside.js';
import { Ribbons } from './ribbons.js';

/**
 * One picture on four corners: one square of it is one square of the ground, so fifty thousand cost as little as one.
 *
 * @param {DeckLibrary} deck
 * @param {Surface} surface
 * @param {LayerStock} stock
 */
export function surfaceLayer({ BitmapLayer }, surface, stock) {
    return stock.layer('cells', [surface], (id) => {
        const [southWest, southEast, northEast, northWest] = surface.corners_deg;
        return new BitmapLayer({
            id,
            image: new ImageData(surface.picture.data, surface.picture.width, surface.picture.height),
            bounds: [southWest, northWest, northEast, southEast],
            // A square of the ground has an edge: nothing between two of them is known.
            textureParameters: { minFilter: 'nearest', magFilter: 'nearest', mipmapFilter: 'nearest' },
        });
    });
}

/**
 * A picture that nobody sees, so that the first one that somebody asks for does not wait for its program: without a
 * graphics card it takes as long to be made ready as all the rest to be drawn.
 *
 * @param {DeckLibrary} deck
 * @param {LayerStock} stock
 */
export function nothingLayer({ BitmapLayer }, stock) {
    return stock.layer('nothing', [], (id) => new BitmapLayer({ id, image: new ImageData(1, 1), bounds: [0, 0, 1, 1] }));
}

/**
 * Triangles that were made ready.
 *
 * @param {DeckLibrary} deck
 * @param {string} name
 * @param {Mesh} mesh
 * @param {LayerStock} stock
 */
export function meshLayer({ SolidPolygonLayer }, name, mesh, stock) {
    return stock.layer(name, [mesh], (id) =>
        new SolidPolygonLayer({ id, data: mesh, _normalize: false, positionFormat: 'XY' }),
    );
}

/**
 * Outlines of the week before, dotted; a ring marks those that are gone.
 *
 * @param {DeckLibrary} deck
 * @param {Before} before
 * @param {Mesh} outlines
 * @param {LayerStock} stock
 */
export function beforeLayers(deck, before, outlines, stock) {
    return [
        meshLayer(deck, 'before', outlines, stock),
        stock.layer('gone', [before], (id) =>
            new deck.ScatterplotLayer({
                id,
                data: before.hotspots.filter((hotspot) => before.gone.has(hotspot.id)),
                pickable: true,
                stroked: true,
                radiusUnits: 'pixels',
                lineWidthUnits: 'pixels',
                getPosition: (/** @type {Hotspot} */ hotspot) => shapeOf(hotspot).middle,
                getRadius: BEFORE.gone_px,
                getFillColor: BASE.figure,
                getLineColor: BEFORE.line,
                getLineWidth: BEFORE.line_px,
            }),
        ),
    ];
}

/**
 * @param {Before | null} before
 * @param {number} zoom
 * @returns {Mesh}
 */
export function dottedOf(before, zoom) {
    const hotspots = before?.hotspots ?? [];
    const ribbons = new Ribbons(zoom);
    for (const { geometry } of hotspots) {
        for (const ring of ringsOf(geometry)) {
            // On white, so that the dots are seen on any filling.
            ribbons.ring(ring, BEFORE.line_px + 1.5, BASE.border);
            ribbons.dashed(ring, BEFORE.dots, BEFORE.line_px, BEFORE.line);
        }
    }
    return ribbons.mesh();
}

/**
 * @param {DeckLibrary} deck
 * @param {Incidents} incidents
 * @param {LayerStock} stock
 */
export function incidentLayer({ ScatterplotLayer }, incidents, stock) {
    return stock.layer('incidents', [incidents], (id) =>
        new ScatterplotLayer({
            id,
            data: incidents.piles,
            pickable: true,
            stroked: true,
            radiusUnits: 'pixels',
            lineWidthUnits: 'pixels',
            getPosition: (/** @type {Pile} */ { position }) => position,
            getRadius: (/** @type {Pile} */ { count }) => pile_px(count),
            getFillColor: [...INCIDENTS.ground, INCIDENTS.alpha],
            getLineColor: INCIDENTS.rim,
            getLineWidth: 1,
        }),
    );
}

/**
 * Radius of the dot of so many incidents: its area follows their number.
 *
 * @param {number} count
 */
export function pile_px(count) {
    return Math.min(INCIDENTS.most_px, INCIDENTS.one_px * Math.sqrt(count));
}

