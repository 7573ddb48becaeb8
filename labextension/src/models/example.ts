import type { ArtifactKind } from '../api/types';

/** A line of Python for `custom` that shows something of an artifact of this kind. */
export function exampleCode(kind: ArtifactKind): string {
  switch (kind) {
    case 'table':
      return 'source.table().to_pandas().hist()';
    case 'json':
      return 'source.json()';
    case 'text':
    case 'markdown':
    case 'html':
      return 'source.read_text()';
    case 'image':
    case 'statistics':
    case 'binary':
      return 'source.read()';
  }
}

const KINDS: readonly string[] = [
  'table',
  'text',
  'markdown',
  'html',
  'json',
  'image',
  'statistics',
  'binary'
] satisfies ArtifactKind[];

export function isKind(text: string | null): text is ArtifactKind {
  return text !== null && KINDS.includes(text);
}
