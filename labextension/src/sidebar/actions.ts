/** What the tree asks of the rest of the Lab: it knows rows, not commands. */
export interface IActions {
  openArtifact(id: string, keep: boolean): void;
  openVisualization(id: string, keep: boolean): void;
  visualize(artifactId: string): void;
}
