from facilities.models.area import Area
from facilities.models.district import District, Logo
from facilities.models.facility import Facility, FacilityStatus, ServiceArea
from facilities.models.user import Posting, User

__all__ = [
    "Area",
    "District",
    "Facility",
    "FacilityStatus",
    "Logo",
    "Posting",
    "ServiceArea",
    "User",
]
