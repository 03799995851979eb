/** Drawn as a filled shape. */
const solid: ReadonlySet<string> = new Set(["play"]);

/** Line icons on a 20 px grid, 1.6 px strokes, drawn for this project. */
const paths = {
  back: "M12.5 4.5 7 10l5.5 5.5",
  skip: "M5.25 4.75v10.5L13 10zM15.25 4.75v10.5",
  search: "M8.75 14.5a5.75 5.75 0 1 0 0-11.5 5.75 5.75 0 0 0 0 11.5ZM13 13l4.25 4.25",
  sun: "M10 13.25a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5ZM10 1.75v2M10 16.25v2M1.75 10h2M16.25 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4",
  moon: "M16.5 11.8A6.9 6.9 0 0 1 8.2 3.5a6.9 6.9 0 1 0 8.3 8.3Z",
  leave: "M8 3.5H4.5v13H8M11.5 6.5 15 10l-3.5 3.5M15 10H7.5",
  warning: "M10 3 1.9 16.75h16.2L10 3ZM10 8.25v3.75M10 14.2v.3",
  clock: "M10 17.25a7.25 7.25 0 1 0 0-14.5 7.25 7.25 0 0 0 0 14.5ZM10 5.75V10l2.75 2",
  info: "M10 17.25a7.25 7.25 0 1 0 0-14.5 7.25 7.25 0 0 0 0 14.5ZM10 9.25v4.25M10 6.5v.2",
  restart: "M4 4v4h4M4.3 7.7a6.4 6.4 0 1 1-.6 3.8",
  link: "M8.5 11.5a3.5 3.5 0 0 0 5 0l3-3a3.54 3.54 0 0 0-5-5l-1 1M11.5 8.5a3.5 3.5 0 0 0-5 0l-3 3a3.54 3.54 0 0 0 5 5l1-1",
  close: "m5 5 10 10M15 5 5 15",
  check: "m3.75 10.5 4.25 4.25 8.25-9.25",
  audio: "M3 8v4h3l4 3.5v-11L6 8zM13 7.25a4 4 0 0 1 0 5.5M15.25 5a7 7 0 0 1 0 10",
  play: "M6 3.75v12.5L16.25 10z",
  pause: "M7 4v12M13 4v12",
  replay: "M4 4v4h4M4.3 7.7a6.4 6.4 0 1 1-.6 3.8",
  back10:
    "M4 4v4h4M4.3 7.7A6.4 6.4 0 1 1 3.6 11M7.9 8.5v4.4M11.6 8.5a1.3 1.3 0 0 1 1.3 1.3v1.8a1.3 1.3 0 0 1-2.6 0V9.8a1.3 1.3 0 0 1 1.3-1.3Z",
  ahead10:
    "M16 4v4h-4M15.7 7.7a6.4 6.4 0 1 0 .7 3.3M7.9 8.5v4.4M11.6 8.5a1.3 1.3 0 0 1 1.3 1.3v1.8a1.3 1.3 0 0 1-2.6 0V9.8a1.3 1.3 0 0 1 1.3-1.3Z",
  muted: "M3 8v4h3l4 3.5v-11L6 8zM13.25 8.25l3.5 3.5M16.75 8.25l-3.5 3.5",
  quiet: "M3 8v4h3l4 3.5v-11L6 8zM13 7.25a4 4 0 0 1 0 5.5",
  enlarge: "M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4",
  shrink: "M7.5 3.5v4h-4M16.5 7.5h-4v-4M12.5 16.5v-4h4M3.5 12.5h4v4",
  pip: "M8.5 15.5h-6v-11h15V8M11 11h6.5v5.5H11z",
  settings:
    "M2.5 6h8M14.5 6h3M2.5 14h3M9.5 14h8M12.5 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7.5 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
} as const;

export type IconName = keyof typeof paths;

/** Decoration beside words; a control that is an icon alone names itself with `aria-label`. `slot`: of a custom element. */
export function Icon({ name, size = 20, slot }: { name: IconName; size?: number; slot?: string }) {
  return (
    <svg
      class="icon"
      {...(slot !== undefined && { slot })}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      data-solid={solid.has(name)}
      fill={solid.has(name) ? "currentColor" : "none"}
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
