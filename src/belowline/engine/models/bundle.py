"""A model bundle: a folder with manifest.json and weights.safetensors, verified when it is read.

The manifest names the model, its version, its labels and hyper-parameters, and the SHA-256 of every other
file. Nothing is unpickled, so a damaged or foreign bundle can be refused but cannot run code.
"""

import hashlib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as read_tensors
from safetensors.numpy import save as write_tensors

from belowline.engine.errors import ModelError

FORMAT = 1
"""The shape of the manifest; raised whenever older code could misread a newer one."""
MANIFEST = "manifest.json"
WEIGHTS = "weights.safetensors"
MEND = "reinstall belowline"

type_of_tensors = dict[str, NDArray[Any]]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle says about itself."""

    format: int
    name: str
    version: str
    """Changes whenever the same text may get another score."""
    labels: tuple[str, ...]
    """The scores it gives, in the order of the weights."""
    parameters: dict[str, Any] = {}
    """Hyper-parameters that scoring needs, and notes on the training."""
    files: dict[str, str]
    """SHA-256, in hexadecimal, of each file beside the manifest that the model needs."""


class Bundle(msgspec.Struct, frozen=True):
    """A bundle whose files were all read and verified."""

    manifest: Manifest
    contents: dict[str, bytes]
    """The bytes of every file that the manifest lists, by name."""

    def file(self, name: str) -> bytes:
        """Return the bytes of a file; raises ModelError when the bundle has no such file."""
        if name not in self.contents:
            raise ModelError(f"the model `{self.manifest.name}` has no file {name}; {MEND}")
        return self.contents[name]

    def tensors(self, file: str = WEIGHTS) -> type_of_tensors:
        """Return the arrays of a safetensors file, by name.

        Raises:
            ModelError: the bundle has no such file, or it is no safetensors file.
        """
        content = self.file(file)
        try:
            return dict(read_tensors(content))
        except (SafetensorError, ValueError) as error:
            raise ModelError(f"{file} of the model `{self.manifest.name}` cannot be read ({error}); {MEND}") from error


def load_bundle(source: str | Path, *, version: str | None = None) -> Bundle:
    """Read a shipped bundle (by its name) or one in a folder (by its Path), and verify every file.

    `version`, where given, is the one that the calling code was written for.

    Raises:
        ModelError: missing, damaged, of another version, or written by a newer release.
    """
    folder: Traversable = source if isinstance(source, Path) else shipped_folder(source)
    manifest = read_manifest(folder)
    if version is not None and manifest.version != version:
        raise ModelError(
            f"the model `{manifest.name}` in {folder} has version {manifest.version}, but {version} is needed; {MEND}"
        )
    return Bundle(manifest, {name: _verified(folder, name, digest) for name, digest in manifest.files.items()})


def shipped_folder(name: str) -> Traversable:
    """Return the folder of a model that is shipped inside the package; it need not exist."""
    return resources.files("belowline").joinpath("weights", name)


def read_manifest(folder: Traversable) -> Manifest:
    """Read manifest.json of a bundle.

    Raises:
        ModelError: it is missing, is no manifest, or has a format that this release does not know.
    """
    try:
        manifest = msgspec.json.decode(folder.joinpath(MANIFEST).read_bytes(), type=Manifest)
    except OSError as error:
        raise ModelError(f"there is no model in {folder} ({MANIFEST} is missing); {MEND}") from error
    except msgspec.DecodeError as error:
        raise ModelError(f"{MANIFEST} in {folder} is damaged ({error}); {MEND}") from error
    if manifest.format != FORMAT:
        raise ModelError(
            f"the model in {folder} has format {manifest.format}, and this release reads {FORMAT}; "
            "use the release of belowline that the model was made with, or train it again"
        )
    return manifest


def write_bundle(  # noqa: PLR0913 - a manifest has these parts
    folder: Path,
    *,
    name: str,
    version: str,
    labels: tuple[str, ...],
    parameters: Mapping[str, Any],
    tensors: Mapping[str, NDArray[Any]],
    others: Mapping[str, bytes] | None = None,
) -> Manifest:
    """Write a bundle into `folder` (made if absent): one weights file, and `others` by name; same input, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = write_tensors({key: np.ascontiguousarray(tensors[key]) for key in sorted(tensors)})
    contents = {WEIGHTS: weights} | dict(others or {})
    manifest = Manifest(
        format=FORMAT,
        name=name,
        version=version,
        labels=labels,
        parameters=dict(parameters),
        files={file: _digest(content) for file, content in contents.items()},
    )
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return manifest


def _verified(folder: Traversable, name: str, digest: str) -> bytes:
    if "/" in name or "\\" in name or name in {"", ".", ".."}:
        raise ModelError(f"{MANIFEST} in {folder} names a file outside its folder ({name!r}); {MEND}")
    try:
        contents = folder.joinpath(name).read_bytes()
    except OSError as error:
        raise ModelError(f"{name} is missing from the model in {folder}; {MEND}") from error
    if _digest(contents) != digest:
        raise ModelError(f"{name} in {folder} is damaged (its SHA-256 is not the manifest's); {MEND}")
    return contents


def _digest(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()
