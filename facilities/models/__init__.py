from facilities.models.area import Area
from facilities.models.district import District, LocalHoliday, Logo
from facilities.models.facility import Facility, FacilityStatus, ServiceArea
from facilities.models.letterhead import LetterheadSetting
from facilities.models.network import FormerName, NetworkEvent
from facilities.models.placement import Placement
from facilities.models.user import Posting, User

__all__ = [
    "Area",
    "District",
    "Facility",
    "FacilityStatus",
    "FormerName",
    "LetterheadSetting",
    "LocalHoliday",
    "Logo",
    "NetworkEvent",
    "Placement",
    "Posting",
    "ServiceArea",
    "User",
]
