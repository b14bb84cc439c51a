"""Sound in the containers that phones and browsers send."""

import io

import av
import numpy as np

from speech.audio import Samples


def encoded(container: str, codec: str, rate: int, layout: str, sound: Samples) -> bytes:
    """The sound as a file, the same on all channels."""
    channels = {"mono": 1, "stereo": 2}[layout]
    frame = av.AudioFrame.from_ndarray(np.repeat(sound[None], channels, axis=0).copy(), "fltp", layout)
    frame.sample_rate = rate
    written = io.BytesIO()
    with av.open(written, "w", format=container) as file:
        track = file.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(track, av.AudioStream)
        fitting = av.AudioResampler(track.format.name, layout, rate, frame_size=track.frame_size or None)
        for part in [*fitting.resample(frame), *fitting.resample(None)]:
            part.pts = None
            file.mux(track.encode(part))
        file.mux(track.encode(None))
    return written.getvalue()
