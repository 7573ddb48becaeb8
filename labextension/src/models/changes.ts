import { type ISignal, Signal } from '@lumino/signaling';

/**
 * Word between surfaces that an artifact has other visualizations than before,
 * so that the sidebar lists at once what a tab has just made or deleted.
 */
export class Changes {
  /** The artifact's id. */
  get artifactChanged(): ISignal<this, string> {
    return this._artifactChanged;
  }

  tell(artifactId: string | null): void {
    if (artifactId !== null) {
      this._artifactChanged.emit(artifactId);
    }
  }

  private readonly _artifactChanged = new Signal<this, string>(this);
}
