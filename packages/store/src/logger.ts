/** What a store needs to log. pino's logger and Fastify's fit it as they are. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
