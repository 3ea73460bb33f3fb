"""What a program with the official client does, unchanged but for the base URL. Prints what it saw as one JSON object."""

import json
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
messages = [{"role": "user", "content": "Tell me a story."}]
tool = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


def complete():
    answer = client.chat.completions.create(model="auto", messages=messages, max_tokens=40)
    return {"text": answer.choices[0].message.content, "tokens": answer.usage.completion_tokens}


def stream():
    text, tokens = "", 0
    for chunk in client.chat.completions.create(
        model="auto", messages=messages, max_tokens=40, stream=True, stream_options={"include_usage": True}
    ):
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
        if chunk.usage:
            tokens = chunk.usage.completion_tokens
    return {"text": text, "tokens": tokens}


def tools():
    answer = client.chat.completions.create(model="tools", messages=messages, tools=[tool])
    call = answer.choices[0].message.tool_calls[0]
    return {"name": call.function.name, "arguments": call.function.arguments}


def tools_streamed():
    name, arguments = "", ""
    for chunk in client.chat.completions.create(model="tools", messages=messages, tools=[tool], stream=True):
        for call in chunk.choices[0].delta.tool_calls or []:
            name += call.function.name or ""
            arguments += call.function.arguments or ""
    return {"name": name, "arguments": arguments}


def embed():
    answer = client.embeddings.create(model="embed", input=["a", "b"])
    return {"count": len(answer.data), "dimensions": len(answer.data[0].embedding)}


def models():
    return [model.id for model in client.models.list()]


def error(model):
    try:
        client.chat.completions.create(model=model, messages=messages)
    except openai.APIStatusError as problem:
        return {"type": type(problem).__name__, "status": problem.status_code, "code": problem.code}


def broken():
    text = ""
    try:
        for chunk in client.chat.completions.create(model="breaks", messages=messages, stream=True):
            text += chunk.choices[0].delta.content or ""
    except openai.APIError as problem:
        return {"type": type(problem).__name__, "code": problem.code, "text": text}


def abort():
    with client.chat.completions.create(model="slow", messages=messages, stream=True) as chunks:
        for chunk in chunks:
            if chunk.choices[0].delta.content:
                return {"text": chunk.choices[0].delta.content}


print(
    json.dumps(
        {
            "complete": complete(),
            "stream": stream(),
            "tools": tools(),
            "tools_streamed": tools_streamed(),
            "embed": embed(),
            "models": models(),
            "unknown": error("nobody"),
            "limited": error("later"),
            "broken": broken(),
            "abort": abort(),
        }
    )
)
