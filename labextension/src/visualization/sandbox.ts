/** Pages for user-made markup, for frames that run no script and reach nothing. */

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Lab's theme, as values: a frame cannot see the variables of the page around it. */
const VARIABLES = [
  '--jp-ui-font-family',
  '--jp-content-font-family',
  '--jp-content-font-size1',
  '--jp-code-font-family',
  '--jp-content-font-color1',
  '--jp-content-link-color',
  '--jp-layout-color1',
  '--jp-layout-color2',
  '--jp-border-color2'
] as const;

type Theme = Record<(typeof VARIABLES)[number], string>;

export function currentTheme(): Theme {
  const style = getComputedStyle(document.body);
  return Object.fromEntries(
    VARIABLES.map(name => [name, style.getPropertyValue(name).trim()])
  ) as Theme;
}

/**
 * A whole page around markup that nobody has cleaned.
 *
 * It is safe for being shown in `sandbox=""` under this policy, not for what stands in it.
 */
export function sandboxedPage(markup: string, theme: Theme): string {
  const value = (name: keyof Theme) => theme[name].replace(/[<>{};]/g, '');
  return `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<style>
body { margin: 12px 16px; background: ${value('--jp-layout-color1')};
  color: ${value('--jp-content-font-color1')};
  font: ${value('--jp-content-font-size1')}/1.5 ${value('--jp-content-font-family')}; }
a { color: ${value('--jp-content-link-color')}; }
code, pre { font-family: ${value('--jp-code-font-family')}; background: ${value('--jp-layout-color2')}; }
pre { padding: 8px; overflow: auto; }
img { max-width: 100%; }
table { border-collapse: collapse; }
th, td { padding: 4px 10px; border-bottom: 1px solid ${value('--jp-border-color2')}; text-align: left; }
h1, h2, h3 { line-height: 1.25; font-weight: 600; }
body > :first-child { margin-top: 0; }
</style></head><body>${markup}</body></html>`;
}
