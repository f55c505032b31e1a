"""What most people write: a FastAPI app that asks the model and relays its words as they come.

`/ask` goes through the anthropic SDK, as such apps do; `/bytes` passes on the provider's bytes, the least that can be
done; `/quiet` is a stream in which nothing happens.
"""

import asyncio
import os
from collections.abc import AsyncIterator

import anthropic
import fastapi
import httpx2
import orjson
from anthropic.types import MessageParam
from fastapi.responses import StreamingResponse

ADDRESS = os.environ["AI_BASE_URL"]
MODEL = "claude-haiku-4-5-20251001"
EVENTS = "text/event-stream"
QUIET_SECONDS = 15

app = fastapi.FastAPI()
claude = anthropic.AsyncAnthropic(api_key="sk-benchmark", base_url=ADDRESS, max_retries=0)
plain = httpx2.AsyncClient(base_url=ADDRESS, timeout=600, limits=httpx2.Limits(max_connections=None))


async def words() -> AsyncIterator[bytes]:
    asked: MessageParam = {"role": "user", "content": "What does the work cost?"}
    async with claude.messages.stream(model=MODEL, max_tokens=2_048, messages=[asked]) as stream:
        async for text in stream.text_stream:
            yield b"event: delta\ndata: " + orjson.dumps({"text": text}) + b"\n\n"
    yield b"event: done\ndata: {}\n\n"


async def provided() -> AsyncIterator[bytes]:
    async with plain.stream("POST", "/v1/messages", json={"stream": True}) as answer:
        async for piece in answer.aiter_raw():
            yield piece


async def nothing() -> AsyncIterator[bytes]:
    while True:
        yield b": ping\n\n"
        await asyncio.sleep(QUIET_SECONDS)


async def ask() -> StreamingResponse:
    return StreamingResponse(words(), media_type=EVENTS)


async def pass_on() -> StreamingResponse:
    return StreamingResponse(provided(), media_type=EVENTS)


async def quiet() -> StreamingResponse:
    return StreamingResponse(nothing(), media_type=EVENTS)


app.add_api_route("/ask", ask, methods=["POST"])
app.add_api_route("/bytes", pass_on, methods=["POST"])
app.add_api_route("/quiet", quiet, methods=["GET"])
