"""Whether products of eight bits can be trusted on this processor, and how to get them where they cannot.

Processors without VNNI instructions multiply unsigned by signed numbers of eight bits in pairs, whose sums overflow
sixteen bits. ONNX Runtime has a slower way around it, off by default
(https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html, "saturation"). Its own test whether a
processor needs that says yes on all with AVX2, and the way around is slower on those with VNNI: so we try.
"""

from base64 import b64decode
from functools import cache

import numpy as np
import onnxruntime

EXACT = "session.x64quantprecision"
"""The entry of a session's configuration that asks for the exact way."""
DEPTH, HIGHEST = 64, 127
PROBE = b64decode(
    "CAg61wEKNgoFc2hhcGUSB3dlaWdodHMiD0NvbnN0YW50T2ZTaGFwZSoTCgV2YWx1ZSoHCAEQA0oBf6ABBAo8CgF4Cgd3ZWlnaHRz"
    "CgVzY2FsZRIBeSIVRHluYW1pY1F1YW50aXplTWF0TXVsOg1jb20ubWljcm9zb2Z0EgVwcm9iZSodCAIQB0IFc2hhcGVKEEAAAAAA"
    "AAAACAAAAAAAAAAqDxABQgVzY2FsZUoEAACAP1oTCgF4Eg4KDAgBEggKAggCCgIIQGITCgF5Eg4KDAgBEggKAggCCgIICEIECgAQ"
    "EUIRCg1jb20ubWljcm9zb2Z0EAE="
)
"""An ONNX graph: `x` (2, DEPTH), rounded to eight bits, times weights of HIGHEST; its test builds it anew."""


@cache
def products_overflow() -> bool:
    """Say whether ONNX Runtime's products of eight bits overflow on this processor, unless EXACT is set."""
    session = onnxruntime.InferenceSession(PROBE, providers=["CPUExecutionProvider"])
    (products,) = session.run(None, {"x": np.ones((2, DEPTH), dtype=np.float32)})
    return bool((products < DEPTH * HIGHEST - 1).any())
