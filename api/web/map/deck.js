/** The drawing library, set to what our map needs of it. */

/** @import {DeckInstance, DeckLibrary, Picked} from '../types.d.ts' */

import { drawsSlowly } from './library.js';

/** @typedef {{longitude: number, latitude: number, zoom: number}} Viewed */

/**
 * @typedef {object} Told
 * @property {object} initialViewState
 * @property {(change: {viewState: Viewed, interactionState: object}) => void} onViewStateChange
 * @property {(picked: Picked) => void} onHover
 * @property {(picked: Picked) => void} onClick
 * @property {(now: {isDragging: boolean}) => string} getCursor
 * @property {() => void} onAfterRender
 */

/** A press this short is a click; deck.gl's own quarter of a second is missed where drawing a frame takes longer. */
const PRESS_MS = 1500;

/**
 * @param {DeckLibrary} library
 * @param {HTMLElement} parent
 * @param {Told} told
 * @returns {DeckInstance}
 */
export function deck({ Deck, MapView }, parent, told) {
    return new Deck({
        parent,
        width: '100%',
        height: '100%',
        views: new MapView({ repeat: false }),
        controller: { dragRotate: false, touchRotate: false, keyboard: false, scrollZoom: { smooth: true } },
        // The map knows itself what lies under the pointer; see pointed.js.
        _pickable: false,
        // Smooth edges take a third of the time of a frame where there is no graphics card; paper is drawn at once, so
        // that nothing has to be kept for it.
        deviceProps: { webgl: { antialias: !drawsSlowly(), preserveDrawingBuffer: false } },
        eventRecognizerOptions: { click: { time: PRESS_MS } },
        // deck.gl makes what it hears of the pointer from a stop of the Tab key, though what it shows is hidden from readers.
        onLoad: () => {
            for (const one of parent.querySelectorAll('canvas, .deck-events-root')) one.setAttribute('tabindex', '-1');
        },
        ...told,
    });
}
