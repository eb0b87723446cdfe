import time
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

from members.access import Audience, UserRequest, open_to
from members.forms import INVITED_ROLES, InviteForm, NameForm, ProfileForm, SealForm
from members.invitations import Invitation, NoVoteForCuratorError, UnusableInvitationError
from members.models import Government, Seal, Session, User
from members.preferences import OFF, MailPreference, read_unsubscribe_token
from members.second_factor import AFTER, FACTORS
from members.sessions import SIGNED_IN_AT, stored_key

MAX_SIGN_IN_AGE = 15 * 60  # seconds


@open_to(Audience.SIGNED_IN)
def overview(request: UserRequest) -> HttpResponse:
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((each for each in found if each.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "passkeys": [each for each in found if each.type == Authenticator.Type.WEBAUTHN],
        "app": next((each for each in found if each.type == Authenticator.Type.TOTP), None),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "sessions": _sessions_of(request.user).count(),
        "after": request.session.get(AFTER, ""),
    }
    return render(request, "account/overview.html", context)


@open_to(Audience.SIGNED_IN, methods=("GET", "POST"))
def sessions(request: UserRequest) -> HttpResponse:
    if request.method == "POST":
        Session.objects.filter(user=request.user).delete()
        return _signed_out(request, "home")
    context = {
        "sessions": _sessions_of(request.user),
        "here": stored_key(request.session.session_key or ""),
    }
    return render(request, "account/sessions.html", context)


def _sessions_of(user: User) -> QuerySet[Session]:
    return user.sessions.filter(expire_date__gt=timezone.now()).order_by("-seen_at")


@open_to(Audience.EVERYONE, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    after = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
    return _signed_out(request, after if ours else "home")


def _signed_out(request: HttpRequest, to: str) -> HttpResponse:
    logout(request)
    response = redirect(to)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


class FactorSetup:
    """Require a fresh sign-in before the first factor, and count a new factor as used."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        is_fresh = time.time() - request.session.get(SIGNED_IN_AT, 0) < MAX_SIGN_IN_AGE
        if not is_fresh and not Authenticator.objects.filter(user=request.user).exists():
            door = f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}"
            return render(request, "account/sign_in_again.html", {"door": door}, status=403)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        factors = Authenticator.objects.filter(user=self.request.user, type__in=FACTORS)
        post_authentication(self.request, factors.latest("created_at"), reauthenticated=True)
        return response


class AddPasskey(FactorSetup, AddWebAuthnView):
    pass


class ActivateApp(FactorSetup, ActivateTOTPView):
    pass


@open_to(Audience.EVERYONE, methods=("GET", "POST"))
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Change nothing on GET, as mail scanners open links. Answer all unusable links alike."""
    try:
        found = Invitation.objects.get_by_token(token)
        response = _accept(request, found, token) if request.method == "POST" else _ask(request, found)
    except NoVoteForCuratorError:
        response = render(request, "account/invitation_waits.html", {"invitation": found}, status=409)
    except UnusableInvitationError:
        response = render(request, "account/invitation_unusable.html", status=404)
    # With no-referrer, browsers send `Origin: null`, which is refused.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


def _ask(request: HttpRequest, found: Invitation, form: NameForm | None = None) -> HttpResponse:
    status = 200 if form is None else 422
    if form is None and found.holder is None:
        form = NameForm(initial={"name": found.name})
    return render(request, "account/invitation.html", {"invitation": found, "form": form}, status=status)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="accept_invitation")
    if refusal:
        return refusal
    form = NameForm(request.POST) if found.holder is None else None
    if form is not None and not form.is_valid():
        return _ask(request, found, form)
    user = Invitation.objects.accept(token, name=form.cleaned_data["name"] if form else "")
    logout(request)
    record_authentication(request, user, method="invitation", email=user.email)
    response: HttpResponse = perform_login(request, Login(user=user, email=user.email))
    return response


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def people(request: UserRequest, slug: str) -> HttpResponse:
    assert request.user.government_id is not None
    government = get_object_or_404(Government.objects.filter(pk=request.user.government_id), slug=slug)
    if request.method != "POST":
        return _page(request, government)
    if not request.user.is_member_of(government):
        raise PermissionDenied
    action = request.POST.get("action")
    if action in ("invite", "resend"):
        too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="invite")
        if too_many:
            return too_many
    if action == "invite":
        return _invite(request, government)
    if action == "remove":
        removable = government.people.filter(is_active=True, role__in=Invitation.BY_MEMBERS)
        person = get_object_or_404(removable, pk=_number(request.POST.get("person")))
        person.leave(reason=f"removed as {person.role} by the member")
        said = f"{person} no longer speaks or reads for {government}, and is signed out."
    elif action in ("resend", "revoke"):
        invited = government.invitations.live().filter(role__in=Invitation.BY_MEMBERS)
        invitation = get_object_or_404(invited, pk=_number(request.POST.get("invitation")))
        try:
            if action == "resend":
                invitation.resend(by=request.user)
                said = f"A new link is on its way to {invitation.email}; the earlier one no longer works."
            else:
                invitation.revoke(reason="withdrawn by the member")
                said = f"The invitation of {invitation.email} is withdrawn. Its link no longer works."
        except ValidationError as refusal:  # accepted or withdrawn meanwhile
            return _page(request, government, problems=refusal.messages, status=409)
    else:
        return _page(request, government, problems=["This page doesn’t have that action."], status=422)
    messages.success(request, said)
    return redirect("people", government.slug)


def _invite(request: UserRequest, government: Government) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, government, form=form, status=422)
    role, email, name = (form.cleaned_data[field] for field in ("role", "email", "name"))
    try:
        Invitation.objects.invite(government, role, email, by=request.user, name=name)
    except ValidationError as problem:
        form.add_error("email", problem)
        return _page(request, government, form=form, status=422)
    messages.success(request, f"An invitation is on its way to {email}.")
    return redirect("people", government.slug)


def _number(posted: str | None) -> int:
    if posted is None or not posted.isascii() or not posted.isdigit() or len(posted) > 18:
        raise Http404
    return int(posted)


def _page(
    request: UserRequest,
    government: Government,
    *,
    form: InviteForm | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "government": government,
        "people": User.objects.speaking_for(government),
        "invitations": government.invitations.with_state().live(),
        "may_change": request.user.is_member_of(government),
        "form": form or InviteForm(initial={"role": "delegate"}),
        "roles": INVITED_ROLES,
        "problems": problems or [],
    }
    return render(request, "members/people.html", context, status=status)


@open_to(Audience.SIGNED_IN, methods=("GET", "POST"))
def profile(request: UserRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("profile")
    return render(
        request,
        "members/profile.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def seal(request: UserRequest, slug: str) -> HttpResponse:
    government = request.user.government
    if government is None or government.slug != slug or request.user.role != User.Role.MEMBER:
        raise Http404
    if request.POST.get("action") == "remove":
        Seal.objects.filter(government=government).delete()
        messages.success(request, "The seal is removed.")
        return redirect(government)
    form = SealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        Seal.objects.put(government, form.cleaned_data["file"], by=request.user)
        messages.success(request, "The seal is saved.")
        return redirect(government)
    context = {"government": government, "form": form}
    return render(request, "members/seal.html", context, status=422 if request.method == "POST" else 200)


@open_to(Audience.EVERYONE)
def seal_file(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Seal, government__slug=slug)
    response = HttpResponse(bytes(found.image), content_type="image/png")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if request.GET.get("v") == found.digest:
        response["Cache-Control"] = "public, max-age=86400, immutable"
    return response


@csrf_exempt  # the signed address authorizes it: mail programs post directly (RFC 8058)
@open_to(Audience.EVERYONE, methods=("GET", "POST"))
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    found = read_unsubscribe_token(token)
    person = User.objects.filter(pk=found[0]).first() if found else None
    if found is None or person is None or not found[1].can_be_off:
        raise Http404
    kind = found[1]
    if request.method == "POST":
        MailPreference.objects.set(person, kind, OFF)
    response = render(request, "members/stop_mail.html", {"kind": kind, "is_done": not person.wants(kind.key)})
    response["Cache-Control"] = "private, no-store"
    return response
