FROM nginx:stable
FROM node:lts
FROM debian:bookworm
FROM php:8
FROM alpine:edge
USER 101
