/**
 * Run before the page's own scripts: remembers the deck.gl instances that the page makes, so that a test can ask
 * what is really drawn. The page knows nothing of it.
 */
(() => {
    /** Instances that were told something, the newest last. */
    const decks = new Set();
    const followed = new WeakSet();
    let library;

    /** The library puts its parts into `deck` one after the other: they are complete when the page first uses it. */
    const follow = () => {
        const kind = library?.Deck;
        if (kind === undefined || followed.has(kind)) return;
        followed.add(kind);
        const { setProps, finalize } = kind.prototype;
        kind.prototype.setProps = function (...given) {
            decks.add(this);
            return setProps.apply(this, given);
        };
        kind.prototype.finalize = function (...given) {
            decks.delete(this);
            return finalize.apply(this, given);
        };
    };
    Object.defineProperty(globalThis, 'deck', {
        configurable: true,
        enumerable: true,
        get() {
            follow();
            return library;
        },
        set(given) {
            library = given;
        },
    });

    // A graphics card is what most readers have: the map is to draw as it does there, unless a test says otherwise.
    const { getParameter } = WebGL2RenderingContext.prototype;
    const RENDERER = 0x9246;
    WebGL2RenderingContext.prototype.getParameter = function (name) {
        return name === RENDERER && !globalThis.hasNoCard ? 'a card' : getParameter.call(this, name);
    };

    const canvasOf = (deck) => deck.getCanvas?.() ?? deck.canvas;
    const shown = () => [...decks].filter((deck) => deck.isInitialized && canvasOf(deck)?.isConnected);
    const deckAt = (place) => {
        const found = shown()[place];
        if (found === undefined) throw new Error(`the page draws ${shown().length} maps`);
        return found;
    };
    /** The first of some names that an object or what it stands for has. */
    const nameOf = (object) => {
        const told = [object, object?.row, object?.hotspot, object?.row?.hotspot, object?.properties];
        const names = told.flatMap((one) => (one === null || typeof one !== 'object' ? [] : [one.id, one.code]));
        return names.find((name) => typeof name === 'string') ?? null;
    };

    globalThis.drawnHere = Object.freeze({
        count: () => shown().length,

        /** Whether every map has drawn all that it was told. */
        isStill: () =>
            shown().length > 0 &&
            document.querySelector('.map[data-waiting]') === null &&
            shown().every(
                (deck) =>
                    deck.layerManager !== null &&
                    deck.needsRedraw({ clearRedrawFlags: false }) === false &&
                    !deck.layerManager.needsUpdate() &&
                    deck.layerManager.getLayers().every((layer) => layer.isLoaded),
            ),

        /** What is drawn, bottom first: name, number of things and whether it can be seen. */
        layers: (place) =>
            deckAt(place)
                .props.layers.flat(Infinity)
                .filter(Boolean)
                .map((layer) => ({
                    id: layer.id,
                    count: layer.props.data?.length ?? 0,
                    visible: layer.props.visible !== false,
                })),

        /** Where on the screen a place on the ground is. */
        screen: (place, lon_deg, lat_deg) => {
            const deck = deckAt(place);
            const box = canvasOf(deck).getBoundingClientRect();
            const [x, y] = deck.getViewports()[0].project([lon_deg, lat_deg]);
            return [box.left + x, box.top + y];
        },

        camera: (place) => {
            const { longitude, latitude, zoom } = deckAt(place).getViewports()[0];
            return { lon_deg: longitude, lat_deg: latitude, zoom };
        },

        /** What can be picked at a place of the screen, topmost first. */
        picked: (place, x_px, y_px) => {
            const deck = deckAt(place);
            const box = canvasOf(deck).getBoundingClientRect();
            // The page answers the pointer from its own figures and keeps deck.gl from picking at each move.
            deck.setProps({ _pickable: true });
            const found = deck.pickMultipleObjects({ x: x_px - box.left, y: y_px - box.top, radius: 1, depth: 5 });
            deck.setProps({ _pickable: false });
            return found.map(({ layer, index, object }) => ({ layer: layer.id, index, name: nameOf(object) }));
        },
    });
})();
