/** Elements of the page, made in one expression. */

/**
 * Make an element; text goes in as text, never as markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className !== '') made.className = className;
    made.append(...children);
    return made;
}

/**
 * Make a button that does something.
 *
 * @param {string} className
 * @param {() => void} act
 * @param {...(Node | string)} children
 */
export function button(className, act, ...children) {
    const made = element('button', className, ...children);
    made.type = 'button';
    made.addEventListener('click', act);
    return made;
}
