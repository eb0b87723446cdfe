"""Read HTML as a browser does, into ElementTree's elements."""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder

from selectolax.lexbor import LexborHTMLParser, LexborNode

SVG = "{http://www.w3.org/2000/svg}"


def parse(html: str) -> Element:
    builder = TreeBuilder()
    root = LexborHTMLParser(html).root
    assert root is not None
    _copy(root, builder, "")
    return builder.close()


def _copy(node: LexborNode, builder: TreeBuilder, namespace: str) -> None:
    tag = node.tag
    if tag == "-text":
        builder.data(node.text_content or "")
    if not node.is_element_node:
        return
    if tag == "svg":
        namespace = SVG
    builder.start(f"{namespace}{tag}", {name: value or "" for name, value in node.attributes.items()})
    child = node.child
    while child is not None:
        _copy(child, builder, namespace)
        child = child.next
    builder.end(f"{namespace}{tag}")
