import type { IArtifactDetail } from '../api/types';

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
const RANGES: IOver[] = [4, 9, 19].map(back => ({
  key: `latest~${back}:`,
  label: `with the ${back + 1} newest runs`,
  run: `latest~${back}:`
}));

/** What there is to choose: for a recipe that compares two, what this run is compared with. */
export function choicesOf(leastSources: number): readonly [IOver, ...IOver[]] {
  return leastSources > 1 ? BEFORE : [ALONE, ...RANGES];
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
