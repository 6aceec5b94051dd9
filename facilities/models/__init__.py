from facilities.models.area import Area
from facilities.models.district import District, LocalHoliday, Logo
from facilities.models.facility import Facility, FacilityStatus, ServiceArea
from facilities.models.user import Posting, User

__all__ = [
    "Area",
    "District",
    "Facility",
    "FacilityStatus",
    "LocalHoliday",
    "Logo",
    "Posting",
    "ServiceArea",
    "User",
]
