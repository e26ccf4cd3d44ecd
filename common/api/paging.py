"""Lists come in pages: `?page=2&page_size=100`, at most 200 on one."""

from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from common.errors import FieldProblem, InvalidInput

_LONGEST = 9


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int:
        """What was asked for, 50 unless it was; InvalidInput for what is no size of a page."""
        asked = request.query_params.get("page_size")
        if asked is None:
            return self.page_size
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST else 0
        if not 1 <= number <= self.max_page_size:
            message = f"A page holds 1 to {self.max_page_size}."
            raise InvalidInput("There is no page of this size.", errors=[FieldProblem("page_size", message)])
        return number
