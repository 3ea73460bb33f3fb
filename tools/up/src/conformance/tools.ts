/** Opens and closes a call in the template below. */
export const MARK = '~';

/**
 * A template of a chat by which llama.cpp takes and makes calls of tools. Its calls begin with a single token, so that even a
 * model of random weights makes one: TOOL_CALL forces that token, and llama.cpp's grammar the rest.
 */
export const TOOL_TEMPLATE = `{%- if tools %}
    {{- 'system: these can be called:\\n' }}
    {%- for tool in tools %}
        {{- (tool | tojson) + '\\n' }}
    {%- endfor %}
{%- endif %}
{%- for message in messages %}
    {{- message.role + ': ' }}
    {%- if message.content %}
        {{- message.content }}
    {%- endif %}
    {%- for call in message.tool_calls or [] %}
        {{- '${MARK}{"name": "' + call.function.name + '", "arguments": ' + (call.function.arguments | tojson) + '}${MARK}' }}
    {%- endfor %}
    {{- '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- 'assistant: ' }}
{%- endif %}
`;

const TOOL = {
  type: 'function',
  function: {
    name: 'count_whales',
    description: 'How many whales there are',
    parameters: {
      type: 'object',
      properties: { ocean: { type: 'string', enum: ['north', 'south'] } },
      required: ['ocean'],
      additionalProperties: false,
    },
  },
};

/** What a request says so that its answer is one call of the tool. @param tokens ids of the mark and of the end, as the model has them */
export const toolCall = (tokens: { mark: number; end: number }) => ({
  tools: [TOOL],
  tool_choice: 'required',
  parallel_tool_calls: false,
  // The grammar allows any amount of blanks at random.
  temperature: 0,
  max_tokens: 400,
  // The end is likelier than the mark: what the grammar allows first is one call, then the end or one more.
  logit_bias: [
    [tokens.mark, 500],
    [tokens.end, 1_000],
  ],
});
export const CALLED = { name: TOOL.function.name, argument: /^\{\s*"ocean"\s*:\s*"(north|south)"\s*\}$/ };
