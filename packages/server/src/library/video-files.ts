import { createHash } from "node:crypto";

/** What a film's file name ends in. A file with another ending is never opened. */
const endings = new Set(
  (
    "3g2 3gp asf avi divx dv f4v flv ismv m1v m2p m2t m2ts m2v m4v mj2 mkv mov mp4 mpe mpeg mpg mpv mts mxf nut ogm ogv " +
    "qt rm rmvb ts vob webm wmv wtv"
  ).split(" "),
);

export const isHidden = (name: string): boolean => name.startsWith(".");

/** Whether the name is that of a film. Says nothing about what is inside. */
export function isVideoName(name: string): boolean {
  const dot = name.lastIndexOf(".");
  return !isHidden(name) && dot > 0 && endings.has(name.slice(dot + 1).toLowerCase());
}

/** What tells that a file is still the same: its path relative to the media folder, its size, its time of change. */
export interface FileIdentity {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

export const sameFile = (a: FileIdentity, b: FileIdentity): boolean =>
  a.path === b.path && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs;

/** 32 hex digits that name these bytes in file names and addresses. */
export const fileIdOf = ({ path, sizeBytes, mtimeMs }: FileIdentity): string =>
  createHash("sha256").update(`${path}\0${sizeBytes}\0${mtimeMs}`).digest("hex").slice(0, 32);
