"""Addresses: sign-in, the desk (admin site) and the application's own."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path
from django.views.generic import RedirectView

from recommendations.forms.signin import SignInForm
from recommendations.views import people

handler400 = "recommendations.views.errors.bad_request"
handler403 = "recommendations.views.errors.not_yours"
handler404 = "recommendations.views.errors.not_found"
handler500 = "recommendations.middleware.interrupted.server_error"

urlpatterns = [
    path(
        "accounts/login/",
        auth_views.LoginView.as_view(redirect_authenticated_user=True, authentication_form=SignInForm),
        name="login",
    ),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/password/", people.PasswordChange.as_view(), name="password_change"),
    path("accounts/password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("desk/", admin.site.urls),
    # Where Django's admin usually is; people who know Django type it.
    path("admin/", RedirectView.as_view(pattern_name="admin:index"), name="admin-usual"),
    path("", include("recommendations.urls")),
]
