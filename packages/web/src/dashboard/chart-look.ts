import { theme, token } from "../design/theme.js";

/** The tokens that a chart is drawn with. ECharts takes values, not custom properties. */
export interface ChartLook {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly tick: string;
  readonly page: string;
  readonly raised: string;
  readonly accent: string;
  readonly mono: string;
  readonly sans: string;
  readonly still: boolean;
  readonly colour: (name: `--${string}`) => string;
}

/** As the style sheet has them now. Reads the theme, so that whoever draws within an effect draws again when it changes. */
export function chartLook(): ChartLook {
  void theme.value;
  return {
    ink: token("--color-ink"),
    faint: token("--color-ink-faint"),
    line: token("--color-line"),
    tick: token("--color-tick"),
    page: token("--color-page"),
    raised: token("--color-raised"),
    accent: token("--color-accent"),
    mono: token("--font-mono"),
    sans: token("--font-sans"),
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
    colour: token,
  };
}
