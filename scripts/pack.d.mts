/** Packs a zip anew, as tightly as its format allows. */
export function packTightly(path: string): Promise<void>;
