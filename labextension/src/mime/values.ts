/** Columns of a plotly figure: plain lists, or plotly's base64 arrays. */

type Values = ArrayLike<unknown>;

/** By plotly's short names for numpy's types. */
const READERS: Record<string, (bytes: ArrayBuffer) => Values> = {
  f8: bytes => new Float64Array(bytes),
  f4: bytes => new Float32Array(bytes),
  i4: bytes => new Int32Array(bytes),
  u4: bytes => new Uint32Array(bytes),
  i2: bytes => new Int16Array(bytes),
  u2: bytes => new Uint16Array(bytes),
  i1: bytes => new Int8Array(bytes),
  u1: bytes => new Uint8Array(bytes)
};

/** The values of a column; null if there are none to be read. */
export function columnValues(value: unknown): Values | null {
  if (Array.isArray(value)) {
    return value as unknown[];
  }
  if (value === null || typeof value !== 'object') {
    return null;
  }
  const { dtype, bdata } = value as { dtype?: unknown; bdata?: unknown };
  if (typeof dtype !== 'string' || typeof bdata !== 'string') {
    return null;
  }
  const read = Object.hasOwn(READERS, dtype) ? READERS[dtype] : undefined;
  try {
    const bytes = Uint8Array.from(atob(bdata), c => c.charCodeAt(0));
    return read ? read(bytes.buffer) : null;
  } catch {
    // Neither base64 nor a whole number of elements.
    return null;
  }
}
