/** From the columns of a density to one picture on a grid. Fifty thousand squares take some milliseconds. Pure. */

/** @import {Surface, SurfaceColumns} from './drawing.d.ts' */
import { DENSITY_COLOURS, SEEN_THROUGH, classOf, upwards } from '../style.js';

/**
 * @param {SurfaceColumns} columns
 * @param {Pick<Surface, 'heading' | 'told'>} said
 * @returns {Surface | null} nothing where there is no square
 */
export function surfaceOf({ grid, squares }, said) {
    if (grid === null || squares.column.length === 0) return null;
    const { columns: width, rows: height, corners_deg } = grid;
    const scale = upwards(squares.density_per_km2, DENSITY_COLOURS);
    const data = new Uint8ClampedArray(4 * width * height);
    // A pixel at a time; which of its bytes comes first is the machine's affair.
    const pixels = new Uint32Array(data.buffer);
    const paints = scale.colours.map((colour) => new Uint32Array(new Uint8Array([...colour, SEEN_THROUGH.cells]).buffer)[0] ?? 0);
    const places = new Int32Array(width * height).fill(-1);
    squares.column.forEach((column, place) => {
        const row = squares.row[place] ?? 0;
        const paint = paints[classOf(squares.density_per_km2[place] ?? 0, scale.breaks)] ?? 0;
        const side = squares.cells?.[place] ?? 1;
        for (let up = 0; up < side; up += 1) {
            for (let across = 0; across < side; across += 1) {
                // The picture begins in the north-west, the grid in the south-west.
                const pixel = (height - 1 - row - up) * width + column + across;
                places[pixel] = place;
                pixels[pixel] = paint;
            }
        }
    });
    return { ...said, scale, picture: { data, width, height }, corners_deg, places, squares: squares.column.length };
}
