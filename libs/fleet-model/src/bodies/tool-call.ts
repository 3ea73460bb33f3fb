/** What a model wants done before it goes on. */
export interface ToolCall {
  name: string;
  /** JSON, as far as the model wrote it so. */
  arguments: string;
}
