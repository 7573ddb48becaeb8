/** The ids of our commands, and where the palette lists them. */
export const CommandIDs = {
  show: 'viz:show-runs',
  refresh: 'viz:refresh',
  connect: 'viz:connect',
  openArtifact: 'viz:open-artifact',
  openVisualization: 'viz:open-visualization',
  visualize: 'viz:visualize',
  copyAddress: 'viz:copy-address',
  insertMagic: 'viz:insert-magic',
  insertLoad: 'viz:insert-load'
} as const;

export const CATEGORY = 'Visualization';

/** What a row of the tree says about itself, for commands of the context menu. */
export interface ITarget {
  id: string;
  address: string | null;
  kind: string | null;
}

/** The artifact or visualization a command is about: named in its arguments, or right-clicked. */
export function targetOf(
  args: { id?: unknown; address?: unknown; kind?: unknown },
  hit: HTMLElement | undefined
): ITarget | null {
  const from = (value: unknown, attribute: string | undefined) =>
    typeof value === 'string' ? value : (attribute ?? null);
  const id = from(args.id, hit?.dataset.vizId);
  return id === null
    ? null
    : {
        id,
        address: from(args.address, hit?.dataset.vizAddress),
        kind: from(args.kind, hit?.dataset.vizKind)
      };
}
