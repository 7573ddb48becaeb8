import type { IArtifactDetail, IRecipe } from '../api/types';

/** The runs over which an artifact is visualized. */
export interface IOver {
  key: string;
  label: string;
  /** The run of the address; null for the artifact's own run alone. */
  run: string | null;
}

const ALONE: IOver = { key: 'alone', label: 'this run', run: null };
const BEFORE: readonly [IOver, ...IOver[]] = [
  { key: 'latest~1', label: 'the run before the latest', run: 'latest~1' },
  { key: 'latest', label: 'the latest run', run: 'latest' },
  { key: 'baseline', label: 'the baseline', run: 'baseline' }
];
/** How many of the newest runs are offered; with this one, if it is older, as many as most recipes show together. */
const NEWEST = [5, 10, 19];

/** What there is to choose: for a recipe that compares two, what this run is compared with. */
export function choicesOf(
  recipe: Pick<IRecipe, 'least_sources' | 'most_sources'> | null
): readonly [IOver, ...IOver[]] {
  if (recipe !== null && recipe.least_sources > 1) {
    return BEFORE;
  }
  const most = recipe?.most_sources ?? Infinity;
  const ranges = NEWEST.filter(newest => newest < most).map(newest => ({
    key: `latest~${newest - 1}:`,
    label: `with up to ${newest} of the newest runs`,
    run: `latest~${newest - 1}:`
  }));
  return [ALONE, ...ranges];
}

/** What is rendered: the artifact comes last, so that it is drawn over the others and the result belongs to it. */
export function sourceOf(
  artifact: Pick<IArtifactDetail, 'address'>,
  over: IOver
): string | string[] {
  const { address } = artifact;
  if (over.run === null) {
    return address;
  }
  const at = address.indexOf('@');
  const slash = address.indexOf('/', at);
  return [
    `${address.slice(0, at + 1)}${over.run}${address.slice(slash)}`,
    address
  ];
}
