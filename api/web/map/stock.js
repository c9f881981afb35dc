/** Layers of the last drawing: one made of the same things is the same layer, and deck.gl does nothing for it. */

/** @typedef {{ingredients: readonly unknown[], layer: object}} Made */

export class LayerStock {
    /** @type {Map<string, Made>} */
    #last = new Map();
    /** @type {Map<string, Made>} */
    #next = new Map();

    /**
     * @param {string} id
     * @param {readonly unknown[]} ingredients all that the layer is made of, compared by identity
     * @param {(id: string) => object} make
     */
    layer(id, ingredients, make) {
        const kept = this.#last.get(id);
        const isSame = kept !== undefined && kept.ingredients.every((one, place) => Object.is(one, ingredients[place]));
        const made = isSame ? kept : { ingredients, layer: make(id) };
        this.#next.set(id, made);
        return made.layer;
    }

    /** What was not drawn this time is forgotten: deck.gl has freed it, and it must not be drawn again. */
    drawn() {
        this.#last = this.#next;
        this.#next = new Map();
    }
}
