import Type, { type Static } from "typebox";

const Int = Type.Integer();
const Num = Type.Number();
const text = Type.String();
const nullable = <const T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** An estimate with the bounds of its 95 % confidence interval; the bounds are null where one viewer alone speaks for it. */
const interval = { low: nullable(Num), high: nullable(Num) };

/** A variant against the control: variant − control. */
export const Difference = Type.Object({
  difference: Num,
  ...interval,
  /** `difference` / the control's value; null where that is 0. */
  relative: nullable(Num),
  /** Too few viewers, or too few whom it happened to: no claim is made. */
  tooFew: Type.Boolean(),
  /** `better` or `worse` when the interval leaves out 0 and enough viewers speak for it; else `unclear`. */
  verdict: Type.Union([Type.Literal("better"), Type.Literal("worse"), Type.Literal("unclear")]),
});
export type Difference = Static<typeof Difference>;

export const VariantMetric = Type.Object({
  /** Σ numerator / Σ denominator, as in the totals. */
  value: Num,
  ...interval,
  /** Viewers who speak for it. */
  viewers: Int,
  /** Null for the control, and where the control has no value. */
  against: nullable(Difference),
});
export type VariantMetric = Static<typeof VariantMetric>;

export const Variant = Type.Object({
  variant: text,
  views: Int,
  /** Who is compared: a view without a viewer is a viewer of its own. */
  viewers: Int,
  /** By metric: null where the variant has no value. */
  metrics: Type.Record(text, nullable(VariantMetric)),
});
export type Variant = Static<typeof Variant>;

/** `GET /api/v1/analytics/experiments`: variants side by side, each against the control. */
export const ExperimentsReply = Type.Object({
  from: Int,
  to: Int,
  confidence: Num,
  /** Which way each metric is better. */
  better: Type.Record(text, Type.Union([Type.Literal("lower"), Type.Literal("higher")])),
  experiments: Type.Array(Type.Object({ experiment: text, control: text, variants: Type.Array(Variant) })),
});
export type ExperimentsReply = Static<typeof ExperimentsReply>;
