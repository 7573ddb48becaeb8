import manifest from '../../package.json';

/** This extension's own version; the server side must be of the same. */
export const VERSION: string = manifest.version;
