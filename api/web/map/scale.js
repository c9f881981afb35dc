/** The scale bar. */

/** @import {Camera, Language} from '../types.d.ts' */
import { element } from '../element.js';
import { number } from '../format.js';
import { WORLD_PX } from './mercator.js';

/** Metres around the equator on the sphere of Web Mercator. */
const EQUATOR_M = 40_075_016.686;

const LONGEST_PX = 96;

/**
 * The longest round distance that fits, and its length on the screen.
 *
 * @param {Camera} camera
 */
export function roundDistance({ lat_deg, zoom }) {
    const metresPerPixel = (EQUATOR_M * Math.cos((lat_deg * Math.PI) / 180)) / (WORLD_PX * 2 ** zoom);
    const most_m = LONGEST_PX * metresPerPixel;
    const ten = 10 ** Math.floor(Math.log10(most_m));
    const distance_m = ([5, 2].find((step) => step * ten <= most_m) ?? 1) * ten;
    return { distance_m, width_px: distance_m / metresPerPixel };
}

export class ScaleBar {
    #element = element('div', 'scale');

    get element() {
        return this.#element;
    }

    /**
     * @param {Camera} camera
     * @param {Language} language
     */
    show(camera, language) {
        const { distance_m, width_px } = roundDistance(camera);
        const inKilometres = distance_m >= 1000;
        this.#element.textContent = inKilometres
            ? `${number(distance_m / 1000, language)} km`
            : `${number(distance_m, language)} m`;
        this.#element.style.width = `${width_px}px`;
    }
}
