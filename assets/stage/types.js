// What Python sends to the stage (figures/stage/payload.py), as types for the checker; nothing runs here.

/**
 * A matrix: rows of numbers, of words where a number is not finite, or only some rows and columns.
 * @typedef {Array<Array<number | string>> | Record<string, any>} Matrix
 */

/**
 * One stop of a walk: what is said, what is lit, which matrices are shown.
 * @typedef {object} Scene
 * @property {string[]} steps such as "z1"
 * @property {"forward" | "cost" | "backward" | "update"} phase
 * @property {string} symbol
 * @property {number} layer
 * @property {number} upto how far in the order of the steps everything is known
 * @property {-1 | 0 | 1} direction in which the numbers flow
 * @property {string} title
 * @property {Array<any>} sentence texts and references
 * @property {string[]} formula MathML
 * @property {Array<Array<any>>} numbers lines of pieces
 * @property {string[]} numpy
 * @property {Array<any>} matrices references, words between them, "\n" for a new line
 * @property {{units: number[], edges: number[], skips: number[]}} lit layers
 * @property {Changes} units the symbol that each layer's units show
 * @property {Changes} edges the same of its connections
 * @property {Changes} biases and of its biases
 * @property {boolean} [far] whether its words were not sent
 * @property {boolean} [whole] whether all samples are shown
 */

/** @typedef {Array<[number, string]>} Changes [layer, symbol] where it is another than below */

/**
 * Where we are in a run.
 * @typedef {object} Place
 * @property {number} iteration
 * @property {number} index of the stop in the walk
 */

/**
 * Whose numbers are put in: j, i the unit and the one below, s the sample, k, r repeated ones.
 * @typedef {Record<string, number>} Environment
 */

/**
 * The words of an architecture, and the numbers of a run around its cursor.
 * @typedef {object} Data
 * @property {string} id of the run and its batch size
 * @property {string} network of which the words are
 * @property {string} wording which of its layers are in words
 * @property {string} move differs when the cursor was set by something other than the stage
 * @property {{iteration: number, sample: number, step: string, unit: number[], grain: string}} cursor
 * @property {Record<string, Scene[]>} walks by grain
 * @property {{first: number, count: number}} shown samples that travel
 * @property {Record<number, Record<string, any>>} traces by iteration
 * @property {Record<number, {W: Record<number, Matrix>, b: Record<number, Matrix>}>} parameters
 * @property {string[]} samples names
 * @property {boolean} presenter
 * @property {boolean} [beside] whether it stands beside another stage
 */

export {};
