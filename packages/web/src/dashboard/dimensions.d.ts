/** What views are told apart by: the dimensions of the server's filter grammar, as people call them. */
export declare const dimensions: {
  readonly mediaId: "Film";
  readonly codec: "Codec";
  readonly container: "Container";
  readonly delivery: "Delivery";
  readonly playerName: "Player";
  readonly playerVersion: "Version";
  readonly experiment: "Experiment";
  readonly variant: "Variant";
  readonly browser: "Browser";
  readonly os: "System";
  readonly deviceType: "Device";
  readonly viewerId: "Viewer";
  readonly exit: "End";
  readonly errorCode: "Error";
  readonly errorFingerprint: "Error group";
  readonly source: "Told by";
  readonly cdn: "CDN";
  readonly country: "Country";
  readonly encoder: "Encoder";
  readonly startCause: "Slow start by";
  readonly stallCause: "Stalls by";
};
export type Dimension = keyof typeof dimensions;
export declare function isDimension(name: string): name is Dimension;
/** One question each, answered by one table with a choice of dimensions. The first is shown unasked. */
export declare const questions: readonly [
  {
    readonly id: "what";
    readonly title: "What was played";
    readonly choices: readonly ["mediaId", "codec", "container"];
  },
  {
    readonly id: "how";
    readonly title: "How it was sent";
    readonly choices: readonly ["delivery", "playerName", "playerVersion", "experiment", "variant", "source"];
  },
  {
    readonly id: "where";
    readonly title: "Where it was watched";
    readonly choices: readonly ["browser", "os", "deviceType", "viewerId"];
  },
  {
    readonly id: "end";
    readonly title: "How it ended";
    readonly choices: readonly ["exit", "errorCode"];
  },
];
export type Question = (typeof questions)[number];
export type QuestionId = Question["id"];
/** A value in words, where the wire's own is a code. Films and viewers have names of their own: see `names.ts`. */
export declare function valueName(dimension: Dimension, value: string): string;
//# sourceMappingURL=dimensions.d.ts.map
