import type { IClient } from '../api/client';
import { type ApiError, asApiError } from '../api/errors';
import type {
  IArtifactDetail,
  IPending,
  IRecipe,
  IVisualization,
  Json,
  JsonObject
} from '../api/types';
import type { Changes } from './changes';
import { Model } from './model';
import {
  argumentsFromJson,
  checkValue,
  fieldsOf,
  type IField,
  suggested,
  textFromValue,
  valueFromText
} from './schema';
import { choicesOf, type IOver, sourceOf } from './over';
import type { StatusModel } from './status';

type VisualizeClient = Pick<IClient, 'recipes' | 'render'>;

/** The "Visualization Creator": a recipe, its arguments, and Generate. */
export class VisualizeModel extends Model {
  constructor(
    client: VisualizeClient,
    status: StatusModel,
    changes: Changes,
    artifact: IArtifactDetail
  ) {
    super();
    this._client = client;
    this._status = status;
    this._changes = changes;
    this._artifact = artifact;
    status.stateChanged.connect(this.changed, this);
  }

  get artifact(): IArtifactDetail {
    return this._artifact;
  }

  /** Those that read this kind of artifact, ready-made ones first. */
  get recipes(): readonly IRecipe[] {
    const reads = this._recipes.filter(
      recipe =>
        (recipe.source_kinds.length === 0 ||
          recipe.source_kinds.includes(this._artifact.kind)) &&
        (!recipe.code || this._status.customAllowed)
    );
    // What is ready-made comes first; writing code is the way out when nothing else suits.
    return [
      ...reads.filter(recipe => !recipe.code),
      ...reads.filter(recipe => recipe.code)
    ];
  }

  get recipe(): IRecipe | null {
    return (
      this.recipes.find(recipe => recipe.name === this._recipe) ??
      this.recipes[0] ??
      null
    );
  }

  get fields(): readonly IField[] {
    return this.recipe === null ? [] : fieldsOf(this.recipe.arguments);
  }

  /** Those the form shows: what another system calls otherwise can be given as JSON. */
  get ownFields(): readonly IField[] {
    return this.fields.filter(field => field.system === null);
  }

  get code(): string {
    return this._code;
  }

  /** The runs to choose from over which it is made. */
  get overs(): readonly [IOver, ...IOver[]] {
    return choicesOf(this.recipe);
  }

  get over(): IOver {
    const { overs } = this;
    return overs.find(choice => choice.key === this._over) ?? overs[0];
  }

  get loading(): boolean {
    return this._loading;
  }

  /** Why there is no list of recipes. */
  get loadError(): ApiError | null {
    return this._loadError;
  }

  get generating(): boolean {
    return this._generating;
  }

  /** What the server said to the last Generate. */
  get error(): ApiError | null {
    return this._error;
  }

  /** What was given, defaults left out. */
  get arguments(): JsonObject {
    const known = this.fields.map(field => field.name);
    return Object.fromEntries(
      Object.entries(this._values).filter(
        ([name, value]) =>
          value !== undefined && (this._takesMore || known.includes(name))
      )
    );
  }

  /** Whether the arguments are edited as JSON. */
  get asJson(): boolean {
    return this._json !== null;
  }

  get json(): string {
    return this._json ?? JSON.stringify(this.arguments, null, 2);
  }

  get jsonError(): string | null {
    return this._jsonError;
  }

  value(name: string): Json | undefined {
    return this._values[name];
  }

  /** What stands in a text field. */
  text(name: string): string {
    return textFromValue(this._values[name]);
  }

  /** What is wrong with a field, once somebody had a chance to fill it in. */
  fieldError(name: string): string | null {
    return this._touched.has(name) ? this._check(name) : null;
  }

  /** Why Generate would not work, or null. */
  get obstacle(): string | null {
    if (!this._artifact.available) {
      return 'The bytes of this artifact cannot be read now.';
    }
    if (this.recipe === null) {
      return `No recipe reads artifacts of kind ${this._artifact.kind}.`;
    }
    if (this._jsonError !== null) {
      return this._jsonError;
    }
    for (const field of this.fields) {
      const wrong = this._check(field.name);
      if (wrong !== null) {
        return wrong;
      }
    }
    if (this.recipe.code && this._code.trim() === '') {
      return 'Write some Python first.';
    }
    return null;
  }

  get canGenerate(): boolean {
    return !this._generating && this.obstacle === null;
  }

  async load(): Promise<void> {
    this._loading = true;
    this._loadError = null;
    this.changed();
    try {
      if (this._status.status === null) {
        await this._status.check();
      }
      this._recipes = await this._client.recipes();
      this._values = suggested(
        this.fields,
        this._artifact.columns,
        this._values
      );
    } catch (reason) {
      this._loadError = asApiError(reason);
    }
    this._loading = false;
    this.changed();
  }

  choose(recipe: string): void {
    const named = this.fields.map(field => field.name);
    this._recipe = recipe;
    // What both recipes know stays filled in; what only JSON held does not.
    this._values = Object.fromEntries(
      Object.entries(this._values).filter(([name]) => named.includes(name))
    );
    this._json = null;
    this._jsonError = null;
    this._error = null;
    this._touched.clear();
    this._values = suggested(this.fields, this._artifact.columns, this._values);
    this.changed();
  }

  setValue(name: string, value: Json | undefined): void {
    this._values[name] = value;
    this._touched.add(name);
    this._error = null;
    this.changed();
  }

  setText(name: string, typed: string): void {
    const field = this.fields.find(candidate => candidate.name === name);
    if (field) {
      this.setValue(name, valueFromText(field, typed));
    }
  }

  setOver(key: string): void {
    this._over = key;
    this._error = null;
    this.changed();
  }

  setCode(code: string): void {
    this._code = code;
    this._error = null;
    this.changed();
  }

  showJson(show: boolean): void {
    // Text that is not JSON has no form to go back to.
    if (!show && this._jsonError !== null) {
      return;
    }
    this._json = show ? JSON.stringify(this.arguments, null, 2) : null;
    this.changed();
  }

  setJson(typed: string): void {
    this._json = typed;
    this._jsonError = null;
    this._error = null;
    try {
      this._values = argumentsFromJson(typed, this.fields, this._takesMore);
    } catch (reason) {
      this._jsonError = (reason as Error).message;
    }
    this.changed();
  }

  /** The visualization that was asked for, done or under way; null if the server refused. */
  async generate(): Promise<IPending | IVisualization | null> {
    const { recipe } = this;
    this.fields.forEach(field => this._touched.add(field.name));
    if (recipe === null || !this.canGenerate) {
      this.changed();
      return null;
    }
    this._generating = true;
    this._error = null;
    this.changed();
    let answer: IPending | IVisualization | null = null;
    try {
      answer = await this._client.render({
        recipe: recipe.name,
        source: sourceOf(this._artifact, this.over),
        arguments: this.arguments,
        ...(recipe.code ? { code: this._code } : {})
      });
    } catch (reason) {
      this._error = asApiError(reason);
    }
    this._generating = false;
    this.changed();
    if (answer !== null) {
      this._changes.tell(this._artifact.id);
    }
    return answer;
  }

  /** Whether the recipe takes arguments that its schema doesn't name. */
  private get _takesMore(): boolean {
    return this.recipe?.arguments.additionalProperties === true;
  }

  private _check(name: string): string | null {
    const field = this.fields.find(candidate => candidate.name === name);
    return field
      ? checkValue(field, this._values[name], this._artifact.columns)
      : null;
  }

  private readonly _client: VisualizeClient;
  private readonly _status: StatusModel;
  private readonly _changes: Changes;
  private readonly _artifact: IArtifactDetail;
  private readonly _touched = new Set<string>();
  private _recipes: readonly IRecipe[] = [];
  private _recipe: string | null = null;
  private _values: JsonObject = {};
  private _code = '';
  private _over = '';
  private _json: string | null = null;
  private _jsonError: string | null = null;
  private _loading = false;
  private _loadError: ApiError | null = null;
  private _generating = false;
  private _error: ApiError | null = null;
}
