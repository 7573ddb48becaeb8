import { asApiError } from '../api/errors';
import type { ILoaded } from './tree';

/** Values fetched by id when they are first wanted, and kept while they are fetched again. */
export class Kept<T> {
  constructor(
    fetch: (id: string, background: boolean) => Promise<T>,
    changed: () => void
  ) {
    this._fetch = fetch;
    this._changed = changed;
  }

  get(id: string): ILoaded<T> | undefined {
    return this._values.get(id);
  }

  ids(): string[] {
    return [...this._values.keys()];
  }

  values(): T[] {
    return [...this._values.values()].flatMap(loaded =>
      loaded.value === null ? [] : [loaded.value]
    );
  }

  forget(id: string): void {
    this._values.delete(id);
  }

  async load(id: string, background: boolean): Promise<void> {
    const asked = ++this._asked;
    this._latest.set(id, asked);
    const value = this._values.get(id)?.value ?? null;
    this._values.set(id, { value, loading: true, error: null });
    if (value === null) {
      this._changed();
    }
    let loaded: ILoaded<T>;
    try {
      loaded = {
        value: await this._fetch(id, background),
        loading: false,
        error: null
      };
    } catch (reason) {
      loaded = { value, loading: false, error: asApiError(reason) };
    }
    // An answer that was overtaken by a later question is old news.
    if (this._latest.get(id) === asked) {
      this._values.set(id, loaded);
      this._changed();
    }
  }

  private readonly _fetch: (id: string, background: boolean) => Promise<T>;
  private readonly _changed: () => void;
  private readonly _values = new Map<string, ILoaded<T>>();
  private readonly _latest = new Map<string, number>();
  private _asked = 0;
}
