from facilities.models.area import Area
from facilities.models.district import District, LocalHoliday, Logo
from facilities.models.facility import Facility, FacilityStatus, ServiceArea
from facilities.models.letterhead import LetterheadSetting
from facilities.models.network import FormerName, NetworkEvent
from facilities.models.placement import Placement
from facilities.models.signin import (
    AccountEvent,
    PasswordLink,
    RecoveryCode,
    SecondFactor,
    SignInTries,
    TokenUse,
)
from facilities.models.user import Posting, User

__all__ = [
    "AccountEvent",
    "Area",
    "District",
    "Facility",
    "FacilityStatus",
    "FormerName",
    "LetterheadSetting",
    "LocalHoliday",
    "Logo",
    "NetworkEvent",
    "PasswordLink",
    "Placement",
    "Posting",
    "RecoveryCode",
    "SecondFactor",
    "ServiceArea",
    "SignInTries",
    "TokenUse",
    "User",
]
