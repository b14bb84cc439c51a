"""ONNX Runtime sessions of the small models that look at pictures: one thread each, loaded at first use."""

from __future__ import annotations

from functools import cache

import onnxruntime

from knowledge.models import checked_file
from preapproval.models import MODELS


@cache
def session(model: str) -> onnxruntime.InferenceSession:
    """The session of a row of the models table. Raises ModelUnavailable."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(checked_file(MODELS[model])), options, providers=["CPUExecutionProvider"])
