import {
  fileIcon,
  html5Icon,
  imageIcon,
  jsonIcon,
  LabIcon,
  markdownIcon,
  spreadsheetIcon,
  textEditorIcon
} from '@jupyterlab/ui-components';

import type { ArtifactKind, VisualizationFormat } from '../api/types';

/** Runs that become curves: the sidebar's tab, and whatever a recipe drew. */
export const vizIcon = new LabIcon({
  name: 'jupyter-viz:viz',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M3 3h2v16h16v2H3z"/>
    <path d="M7.4 16.9 6.2 15.3c3-2.2 3.6-8.5 10.3-9.1l.2 2c-5.4.5-5.6 6.3-9.3 8.7z"/>
    <circle cx="18.4" cy="7" r="2.6"/>
  </g>
</svg>`
});

export function artifactIcon(kind: ArtifactKind): LabIcon {
  const icons: Record<ArtifactKind, LabIcon> = {
    table: spreadsheetIcon,
    text: textEditorIcon,
    markdown: markdownIcon,
    html: html5Icon,
    json: jsonIcon,
    image: imageIcon,
    statistics: spreadsheetIcon,
    binary: fileIcon
  };
  return icons[kind];
}

export function visualizationIcon(format: VisualizationFormat): LabIcon {
  const icons: Record<VisualizationFormat, LabIcon> = {
    notebook: vizIcon,
    html: html5Icon,
    image: imageIcon,
    csv: spreadsheetIcon,
    markdown: markdownIcon,
    json: jsonIcon
  };
  return icons[format];
}
