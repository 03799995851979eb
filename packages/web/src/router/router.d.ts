import { type ReadonlySignal } from "@preact/signals";
/** Where the window is: path and query, as the address bar shows them. */
export interface Place {
  readonly path: string;
  readonly query: string;
}
export declare const place: ReadonlySignal<Place>;
export interface NavigateOptions {
  /** Takes the place of the present entry of the history. */
  readonly replace?: boolean;
}
/** Goes to a page of this application. `to` is a path with an optional query. */
export declare function navigate(to: string, options?: NavigateOptions): void;
/** Changes the query of this page without leaving it: what is searched for survives a visit elsewhere. */
export declare function setQuery(query: URLSearchParams): void;
/** Back where the viewer came from, or to `otherwise` when this was the first page of the window. */
export declare function goBack(otherwise: string): void;
/**
 * Makes plain links of the document navigate in place. Links to what `isPage` does not know, to other origins, with a
 * modifier key, a target or a download stay with the browser. Returns its stop function.
 */
export declare function startRouter(isPage: (path: string) => boolean): () => void;
//# sourceMappingURL=router.d.ts.map
