"""내 문서: long prints and exports, made in a process of their own and picked up later."""
