/** What is made once of the same things: deck.gl does nothing for a layer that it knows. */

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

/** Things by name: one made of the same ingredients as last time is the same thing. */
export class Kept {
    /** @type {Map<string, {ingredients: readonly unknown[], made: unknown}>} */
    #last = new Map();

    /**
     * @template Made
     * @param {string} name
     * @param {readonly unknown[]} ingredients all that it is made of, compared by identity
     * @param {() => Made} make
     * @returns {Made}
     */
    of(name, ingredients, make) {
        const last = this.#last.get(name);
        if (last?.ingredients.every((one, place) => Object.is(one, ingredients[place]))) return /** @type {Made} */ (last.made);
        const made = make();
        this.#last.set(name, { ingredients, made });
        return made;
    }
}
