"""What somebody would write without us: FastAPI around `Detoxify.predict`, with the weights of `compact`."""

import sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from moderation.scoring.detoxify import LocalDetoxify, checkpoint_in
from moderation.scoring.folder import ModelFolder
from moderation.scoring.installed import folder_of

app = FastAPI()
model = LocalDetoxify(checkpoint_in(ModelFolder(folder_of("compact"))))


class Comment(BaseModel):
    """What is asked."""

    text: str


@app.post("/predict")
def predict(comment: Comment) -> dict[str, float]:
    """Score a comment."""
    return {name: float(score) for name, score in model.predict(comment.text).items()}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
