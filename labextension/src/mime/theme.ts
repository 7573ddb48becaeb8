/** A figure in the colours of Lab's theme; traces keep their own. */
import { isObject } from './bundle';

export interface IColours {
  text: string;
  faint: string;
  grid: string;
  surface: string;
}

export function currentColours(): IColours {
  const style = getComputedStyle(document.body);
  const value = (name: string, otherwise: string) =>
    style.getPropertyValue(name).trim() || otherwise;
  return {
    text: value('--jp-ui-font-color1', 'black'),
    faint: value('--jp-ui-font-color2', 'grey'),
    grid: value('--jp-border-color2', 'lightgrey'),
    surface: value('--jp-layout-color1', 'white')
  };
}

const CLEAR = 'rgba(0,0,0,0)';

/**
 * A copy of a figure under a theme.
 *
 * A copy all the way down, because plotly tidies up the traces it is given,
 * and what it is given here is the notebook's own output.
 */
export function themed(
  figure: unknown,
  colours: IColours,
  height?: unknown
): unknown {
  if (!isObject(figure)) {
    return figure;
  }
  const copy = structuredClone(figure);
  const layout = isObject(copy.layout) ? copy.layout : {};
  const template = isObject(layout.template) ? layout.template : {};
  const base = isObject(template.layout) ? template.layout : {};
  const axis = {
    gridcolor: colours.grid,
    zerolinecolor: colours.grid,
    linecolor: colours.faint,
    tickcolor: colours.faint
  };
  const surface = { paper_bgcolor: CLEAR, plot_bgcolor: CLEAR };
  const hoverlabel = {
    bgcolor: colours.surface,
    bordercolor: colours.faint,
    font: { color: colours.text }
  };

  const themedLayout: Record<string, unknown> = {
    ...layout,
    ...surface,
    font: { ...asObject(layout.font), color: colours.text },
    hoverlabel: { ...hoverlabel, ...asObject(layout.hoverlabel) },
    template: {
      ...template,
      layout: {
        ...base,
        ...surface,
        font: { ...asObject(base.font), color: colours.text },
        xaxis: { ...asObject(base.xaxis), ...axis },
        yaxis: { ...asObject(base.yaxis), ...axis }
      }
    }
  };
  for (const [name, value] of Object.entries(layout)) {
    if (/^[xy]axis\d*$/.test(name) && isObject(value)) {
      themedLayout[name] = { ...value, ...axis };
    }
  }
  if (layout.height === undefined && typeof height === 'number') {
    themedLayout.height = height;
  }
  if (layout.width === undefined) {
    themedLayout.autosize = true;
  }
  return {
    ...copy,
    layout: themedLayout,
    config: {
      responsive: true,
      displaylogo: false,
      ...asObject(copy.config)
    }
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
